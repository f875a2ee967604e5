/**
 * Disks that are rolled back in place and written to before anybody is met: two lives of one replica, with other changes under one number.
 * The desk learns of it from whoever met the other life, goes on as a new replica, and what either life wrote reaches everybody.
 * SEED=n replays one run: npx vitest run test/simulation/forks.test.ts
 */
import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/crdt/types.ts";
import { parseRecordId, parseReplicaId, type RecordId } from "../../shared/ids.ts";
import { Broken, type Desk, type Plants } from "./desk.ts";
import { known, ModelStore, NO_LIMIT, type State } from "./model-store.ts";
import { type Random, seeded } from "./random.ts";
import { play } from "./scenario.ts";
import { HEARTBEAT_MS, World } from "./world.ts";

const SEEDS = process.env["SEED"] === undefined ? Array.from({ length: 25 }, (_, seed) => seed + 1) : [Number(process.env["SEED"])];
const FIELDS = ["status", "title", "note"];

const editSomething = (random: Random, store: ModelStore, world: World, newOnes: number): Change => {
  const records = store.records();
  const record: RecordId =
    records.length === 0 || random.chance(newOnes) ? known(parseRecordId(`r-${random.hex(12)}`)) : random.pick(records);
  return store.commit([{ record, path: [random.pick(FIELDS)], value: random.below(1_000_000) }], world.wall());
};

const seqsOf = (store: ModelStore): string => JSON.stringify([...store.vector()].map(([replica, { seq }]) => [replica, seq]).sort());

/** What is wrong when all is over; null when nothing. `kept`: the changes that no rolled-back disk took away. */
const faultOf = (world: World, stores: readonly ModelStore[], kept: readonly Change[]): string | null => {
  for (const [at, store] of stores.entries()) {
    if (!store.holds(kept)) return `desk-${at} lacks what was written`;
    if (store.dump() !== stores[0]?.dump()) return `desk-${at} holds something else`;
    if (seqsOf(store) !== seqsOf(stores[0] ?? store)) return `desk-${at} has another vector`;
  }
  for (const { name, store, acked } of world.desks) {
    if (Math.max(0, ...acked.values()) < (store.vector().get(store.replica)?.seq ?? 0))
      return `${name} was not told that its changes are safe`;
  }
  return world.counts.differs > 0 && world.counts.repairs === 0 ? "a difference was told before a repair" : null;
};

interface Run {
  readonly world: World;
  readonly fault: string | null;
}

const run = (seed: number, plants: Plants = {}): Run => {
  const random = seeded(seed);
  const world = new World(random, NO_LIMIT, plants);
  const stores = Array.from({ length: 2 + random.below(3) }, (_, i) => {
    const store = new ModelStore(known(parseReplicaId(random.hex(32))));
    world.addDesk(`desk-${i}`, store);
    return store;
  });
  /** What each has written that is on its disk, and images of it with what was then. */
  const own: Change[][] = stores.map(() => []);
  const images = stores.map((store): { readonly state: State; readonly own: readonly Change[] }[] => [{ state: store.copy(), own: [] }]);
  const lost = new Set<Change>();
  const alone: Change[] = [];
  const write = (at: number, newOnes: number): Change | undefined => {
    const store = stores[at];
    const change = store === undefined ? undefined : editSomething(random, store, world, newOnes);
    if (change !== undefined) own[at]?.push(change);
    return change;
  };
  const changes = play({
    world,
    steps: 100,
    crashes: false,
    edit: (at, newOnes) => {
      const store = stores[at];
      const change = write(at, newOnes);
      if (store !== undefined && random.chance(0.1)) images[at]?.push({ state: store.copy(), own: [...(own[at] ?? [])] });
      return change;
    },
    mishap: (at) => {
      const [store, desk] = [stores[at], world.desks[at]];
      const image = random.pick(images[at] ?? []);
      if (store === undefined || desk === undefined) return;
      // All that it wrote since is gone from its disk; whether others have it is a matter of luck.
      for (const change of own[at] ?? []) lost.add(change);
      for (const change of image.own) lost.delete(change);
      own[at] = [...image.own];
      world.replaceDisk(desk, () => store.rollBack(image.state));
      // Written to before anybody is met.
      for (let left = random.below(6); left > 0; left--) {
        const change = write(at, 0.3);
        if (change === undefined) continue;
        alone.push(change);
        world.committed(desk, change);
      }
    },
  });
  return {
    world,
    fault: faultOf(
      world,
      stores,
      [...changes, ...alone].filter((change) => !lost.has(change)),
    ),
  };
};

const findsFault = (plants: Plants): string | null => {
  for (let seed = 1; seed <= 25; seed++) {
    try {
      const { fault } = run(seed, plants);
      if (fault !== null) return fault;
    } catch (error) {
      if (error instanceof Broken) return error.message;
      throw error;
    }
  }
  return null;
};

describe("desks whose disks are rolled back", () => {
  let forks = 0;
  let repairs = 0;

  test.each(SEEDS)("seed %i: all come to one state, with all that was written since", (seed) => {
    const { world, fault } = run(seed);
    expect(fault, `replay: SEED=${seed} npx vitest run test/simulation/forks.test.ts`).toBeNull();
    forks += world.counts.forks;
    repairs += world.counts.repairs;
  });

  test.skipIf(SEEDS.length === 1)("the runs met forks and repaired them", () => {
    expect(forks).toBeGreaterThan(20);
    expect(repairs).toBeGreaterThan(20);
  });
});

interface Member {
  readonly desk: Desk;
  readonly store: ModelStore;
}

describe("stories of a rolled-back disk", () => {
  const order = (n: number): RecordId => known(parseRecordId(`order-${n}`));
  const member = (world: World, name: string): Member => {
    const store = new ModelStore(known(parseReplicaId(world.random.hex(32))));
    return { desk: world.addDesk(name, store), store };
  };
  const write = (world: World, { desk, store }: Member, n: number, value: string): Change => {
    world.runUntil(world.now + 1);
    const change = store.commit([{ record: order(n), path: ["title"], value }], world.wall());
    world.committed(desk, change);
    return change;
  };
  const wait = (world: World, heartbeats: number): void => world.runUntil(world.now + heartbeats * HEARTBEAT_MS);
  const same = (...members: readonly Member[]): boolean => new Set(members.map(({ store }) => store.dump())).size === 1;
  const titles = ({ store }: Member): string => [...store.dump().matchAll(/title ("[^"]*")/g)].map(([, title]) => title).join(" ");

  /** `first` writes so many orders that the second gets, goes back to what it was before, and writes others. */
  const rolledBack = (first: number, second: number, plants: Plants = {}) => {
    const world = new World(seeded(100 * first + second), NO_LIMIT, plants);
    const [a, b] = [member(world, "a"), member(world, "b")];
    write(world, a, 0, "before");
    const image = a.store.copy();
    world.connect(a.desk, b.desk);
    for (let n = 1; n <= first; n++) write(world, a, n, `first life ${n}`);
    wait(world, 1);
    const old = a.store.replica;
    world.replaceDisk(a.desk, () => a.store.rollBack(image));
    const written = Array.from({ length: second }, (_, n) => write(world, a, 100 + n, `second life ${n + 1}`));
    wait(world, 1);
    return { world, a, b, old, written };
  };

  test.each([
    ["less than", 4, 2],
    ["as much as", 3, 3],
    ["more than", 2, 5],
  ])("it wrote %s it had written before: both lives reach both desks, and it goes on as a new replica", (_what, first, second) => {
    const { world, a, b, old } = rolledBack(first, second);
    world.connect(b.desk, a.desk);
    wait(world, 1);
    world.connect(b.desk, a.desk);
    wait(world, 6);
    expect(a.store.replica).not.toBe(old);
    expect(same(a, b)).toBe(true);
    for (let n = 1; n <= first; n++) expect(titles(a)).toContain(`first life ${n}`);
    for (let n = 1; n <= second; n++) expect(titles(b)).toContain(`second life ${n}`);
    const after = write(world, a, 7, "after");
    wait(world, 1);
    expect([after.stamp.seq, same(a, b)]).toEqual([1, true]);
    expect(world.counts.differs).toBe(0);
  });

  test("a third desk met the second life alone: all three come to hold both", () => {
    const { world, a, b } = rolledBack(4, 2);
    const c = member(world, "c");
    world.connect(a.desk, c.desk);
    wait(world, 2);
    expect(titles(c)).toBe(titles(a));
    world.cut(a.desk, c.desk);
    wait(world, 1);
    // Without the rolled-back desk: only their fingerprints tell that the two do not hold the same.
    world.connect(b.desk, c.desk);
    wait(world, 6);
    expect(same(b, c)).toBe(true);
    expect(titles(b)).toContain("second life 2");
    expect(titles(c)).toContain("first life 4");
    world.connect(c.desk, a.desk);
    wait(world, 1);
    world.connect(c.desk, a.desk);
    wait(world, 6);
    expect(same(a, b, c)).toBe(true);
  });

  test("it learns of its other life from a desk that hears of it only now, before a number is used again", () => {
    const { world, a, b, old, written } = rolledBack(4, 2);
    const c = member(world, "c");
    world.connect(a.desk, c.desk);
    wait(world, 2);
    expect(a.store.replica).toBe(old);
    world.connect(c.desk, b.desk);
    wait(world, 2);
    expect(a.store.replica).not.toBe(old);
    world.connect(a.desk, c.desk);
    wait(world, 1);
    expect(write(world, a, 8, "after").stamp).toMatchObject({ replica: a.store.replica, seq: 1 });
    wait(world, 8);
    expect(same(a, b, c)).toBe(true);
    expect(a.store.holds(written)).toBe(true);
  });

  /** The other desk was sent only a part of a catch-up: it has cells of the first life that its vector does not claim. */
  const seenBeyond = (plants: Plants): { readonly world: World; readonly a: Member; readonly b: Member; readonly old: string } => {
    const world = new World(seeded(9), NO_LIMIT, plants);
    const [a, b] = [member(world, "a"), member(world, "b")];
    const image = a.store.copy();
    for (let n = 0; n < 60; n++) write(world, a, n, "first life");
    world.connect(a.desk, b.desk);
    while (b.store.records().length < 20) world.runUntil(world.now + 1);
    world.cut(a.desk, b.desk);
    const old = a.store.replica;
    world.replaceDisk(a.desk, () => a.store.rollBack(image));
    wait(world, 1);
    expect(b.store.vector().size).toBe(0);
    write(world, a, 100, "second life");
    world.connect(b.desk, a.desk);
    wait(world, 1);
    return { world, a, b, old };
  };

  test("what a desk has seen beyond its vector counts, too", () => {
    const { world, a, b, old } = seenBeyond({});
    expect(a.store.replica).not.toBe(old);
    world.connect(b.desk, a.desk);
    // For a while the rest of the catch-up is waited for; it is gone for good.
    wait(world, 32);
    expect(same(a, b)).toBe(true);
    expect(titles(a)).toContain("first life");
  });

  describe("planted bugs are found", () => {
    test("no repair after a fork", () => {
      expect(findsFault({ repairs: false })).toMatch(/./);
      const { world, a, b } = rolledBack(4, 2, { repairs: false });
      for (let again = 0; again < 2; again++) {
        world.connect(b.desk, a.desk);
        wait(world, 6);
      }
      expect(same(a, b)).toBe(false);
    });

    test("seen is what the vector says", () => {
      const plants: Plants = {
        store: (store) => {
          Object.assign(store, {
            seen: (replicas: readonly string[]) => new Map([...store.vector()].filter(([replica]) => replicas.includes(replica))),
          });
          return store;
        },
      };
      const { a, old } = seenBeyond(plants);
      expect(a.store.replica).toBe(old);
    });

    test("a desk that is told of its other life goes on as before", () => {
      expect(findsFault({ effect: (effect) => (effect.kind === "forked" ? null : effect) })).toMatch(/./);
    });

    test("no look at the clock of a number that both lives have", () => {
      // It would go on under a number that was used; the rest is mended.
      const { world, a, b, old } = rolledBack(2, 5, { effect: (effect) => (effect.kind === "check-own" ? null : effect) });
      world.connect(b.desk, a.desk);
      wait(world, 6);
      expect([a.store.replica, same(a, b)]).toEqual([old, true]);
    });
  });
});
