/**
 * Desks that hold the same changes and yet not the same: a fault took something from one of them. They find it by their fingerprints and
 * mend it by the hash tree, in chains, while people go on working, once and not for ever, and say so when it does not help.
 */
import { describe, expect, test } from "vitest";
import { parseRecordId, parseReplicaId, type RecordId } from "../../shared/ids.ts";
import type { Role } from "../../shared/membership/types.ts";
import type { Desk, Plants } from "./desk.ts";
import { known, ModelStore, NO_LIMIT } from "./model-store.ts";
import { seeded } from "./random.ts";
import { HEARTBEAT_MS, World } from "./world.ts";

interface Member {
  readonly desk: Desk;
  readonly store: ModelStore;
}

const order = (n: number): RecordId => known(parseRecordId(`order-${String(n).padStart(5, "0")}`));
const member = (world: World, name: string, role: Role = "dispatcher"): Member => {
  const store = new ModelStore(known(parseReplicaId(world.random.hex(32))));
  return { desk: world.addDesk(name, store, role), store };
};
const put = (world: World, { desk, store }: Member, n: number, field: string, value: number): void =>
  world.committed(desk, store.commit([{ record: order(n), path: [field], value }], world.wall()));

/** Two desks that hold so many orders. */
const pair = (count: number, plants: Plants = {}): { world: World; a: Member; b: Member } => {
  const world = new World(seeded(count), NO_LIMIT, plants);
  const [a, b] = [member(world, "a"), member(world, "b")];
  for (let n = 0; n < count; n += 50) {
    const puts = Array.from({ length: Math.min(50, count - n) }, (_, i) => ({ record: order(n + i), path: ["title"], value: n + i }));
    world.committed(a.desk, a.store.commit(puts, world.wall()));
  }
  world.connect(a.desk, b.desk);
  world.runUntil(count * 20);
  expect(b.store.dump()).toBe(a.store.dump());
  return { world, a, b };
};
const wait = (world: World, heartbeats: number): void => world.runUntil(world.now + heartbeats * HEARTBEAT_MS);
const sent = (world: World, kind: "tree" | "tree-ask" | "need" | "whole"): number => world.counts.sent.get(kind) ?? 0;

describe("a difference that nothing under way explains", () => {
  test("is found among two thousand orders and mended by the few records that differ", () => {
    const { world, a, b } = pair(2_000);
    const all = a.store.dump();
    b.store.lose(order(7), "title");
    b.store.lose(order(1_234), "title");
    a.store.lose(order(1_900), "title");
    wait(world, 3);
    expect([a.store.dump(), b.store.dump()]).toEqual([all, all]);
    expect(world.counts.repairs).toBe(2);
    // Three records, asked for one by one at most, by each desk.
    expect(sent(world, "need")).toBeLessThanOrEqual(6);
    expect(sent(world, "whole")).toBeLessThanOrEqual(6);
    expect(sent(world, "tree")).toBeLessThan(10);
    wait(world, 20);
    expect(world.counts).toMatchObject({ repairs: 2, differs: 0 });
  });

  test("is mended also where nearly everything is gone, a few records at a time", () => {
    const { world, a, b } = pair(600);
    const all = a.store.dump();
    for (let n = 0; n < 590; n++) b.store.lose(order(n), "title");
    wait(world, 6);
    expect(b.store.dump()).toBe(all);
    expect(sent(world, "need")).toBeGreaterThan(9);
    expect(world.counts.differs).toBe(0);
  });

  test("goes down a chain of three", () => {
    const { world, a, b } = pair(200);
    const c = member(world, "c");
    world.connect(b.desk, c.desk);
    wait(world, 3);
    const all = a.store.dump();
    b.store.lose(order(3), "title");
    c.store.lose(order(3), "title");
    c.store.lose(order(4), "title");
    a.store.lose(order(5), "title");
    wait(world, 20);
    expect([a, b, c].map(({ store }) => store.dump())).toEqual([all, all, all]);
    expect(world.counts.differs).toBe(0);
  });

  test("is mended while people go on writing", () => {
    const { world, a, b } = pair(300);
    for (let n = 0; n < 100; n++) b.store.lose(order(n), "title");
    for (let n = 0; n < 400; n++) {
      put(world, n % 2 === 0 ? a : b, n % 300, "status", n);
      world.runUntil(world.now + world.random.next() * 200);
    }
    wait(world, 3);
    expect(b.store.dump()).toBe(a.store.dump());
    expect(b.store.dump()).toContain(`${order(42)} title 42`);
    expect(world.counts.differs).toBe(0);
  });

  test("that no record explains is looked into once by each and then told, until the states are others", () => {
    let off = "";
    let first: unknown;
    const { world, a, b } = pair(100, {
      store: (store) => {
        const dump = store.dump.bind(store);
        first ??= store;
        if (first === store) store.dump = () => dump() + off;
        return store;
      },
    });
    off = " and something that no record holds";
    wait(world, 60);
    const { repairs, differs } = world.counts;
    expect(repairs).toBeLessThanOrEqual(4);
    expect(differs).toBeGreaterThan(10);
    put(world, a, 1, "status", 1);
    wait(world, 60);
    // The states moved together: one more walk each, after a pause.
    expect(world.counts.repairs).toBeLessThanOrEqual(repairs + 2);
    off = "";
    wait(world, 3);
    expect(b.store.dump()).toBe(a.store.dump());
    const said = world.counts.differs;
    wait(world, 10);
    expect(world.counts.differs).toBe(said);
  });

  test("is left alone with a desk of an older version", () => {
    const { world, b } = pair(100, { repairs: false });
    b.store.lose(order(3), "title");
    wait(world, 20);
    expect(b.store.dump()).not.toContain(`${order(3)} title`);
    expect(sent(world, "tree-ask")).toBe(0);
  });

  test("with a desk that may only read is mended there, and nothing is taken from it", () => {
    const { world, a } = pair(100);
    const screen = member(world, "screen", "viewer");
    world.connect(a.desk, screen.desk);
    wait(world, 3);
    const all = a.store.dump();
    expect(screen.store.dump()).toBe(all);
    screen.store.lose(order(3), "title");
    wait(world, 3);
    expect(screen.store.dump()).toBe(all);
    a.store.lose(order(4), "title");
    world.cut(a.desk, known(world.desks[1]));
    wait(world, 10);
    expect(a.store.dump()).not.toContain(`${order(4)} title`);
    expect(world.isConnected(a.desk, screen.desk)).toBe(true);
  });

  test("a walk that is cut is taken up again", () => {
    const { world, a, b } = pair(600);
    const all = a.store.dump();
    for (let n = 0; n < 590; n++) b.store.lose(order(n), "title");
    while (sent(world, "need") < 2) world.runUntil(world.now + 5);
    world.cut(a.desk, b.desk);
    wait(world, 1);
    expect(b.store.dump()).not.toBe(all);
    world.connect(b.desk, a.desk);
    wait(world, 8);
    expect(b.store.dump()).toBe(all);
  });
});

test("a walk whose question is never answered is begun anew after a while, on the same connection", () => {
  let isDeaf = true;
  const effect: NonNullable<Plants["effect"]> = (wanted) =>
    isDeaf && wanted.kind === "send" && wanted.message.kind === "tree" ? null : wanted;
  const { world, a, b } = pair(300, { effect });
  const all = a.store.dump();
  b.store.lose(order(7), "title");
  wait(world, 3);
  isDeaf = false;
  expect(sent(world, "tree-ask")).toBeGreaterThan(0);
  wait(world, 10);
  expect(b.store.dump()).not.toBe(all);
  wait(world, 30);
  expect(b.store.dump()).toBe(all);
  expect(world.counts.cuts).toBe(0);
});

describe("planted bugs are found", () => {
  /** Both desks lack something of the other's; true if they come to hold the same. */
  const isMended = (plants: Plants): boolean => {
    const { world, a, b } = pair(300, plants);
    for (let n = 0; n < 20; n++) (n % 2 === 0 ? a : b).store.lose(order(n), "title");
    wait(world, 30);
    return a.store.dump() === b.store.dump();
  };

  test("none: it is mended", () => {
    expect(isMended({})).toBe(true);
  });

  test("only what lies beyond the other's vector is sent", () => {
    const plants: Plants = {
      store: (store) => {
        const whole = store.whole.bind(store);
        store.whole = (records) =>
          whole(records).map((each) => ({
            ...each,
            cells: each.cells.filter(({ stamp }) => stamp.seq > (store.vector().get(stamp.replica)?.seq ?? 0)),
          }));
        return store;
      },
    };
    expect(isMended(plants)).toBe(false);
  });

  test("only one of the two walks", () => {
    let walker: unknown;
    const plants: Plants = {
      effect: (effect) => {
        if (effect.kind !== "send" || effect.message.kind !== "tree-ask") return effect;
        walker ??= effect.device;
        return effect.device === walker ? effect : null;
      },
    };
    expect(isMended(plants)).toBe(false);
  });

  test("a walk stops at the first level", () => {
    const plants: Plants = {
      store: (store) => {
        const compare = store.tree.compare.bind(store.tree);
        Object.assign(store.tree, {
          compare: (parts: Parameters<typeof compare>[0]) => ({ records: compare(parts)?.records ?? [], nodes: [] }),
        });
        return store;
      },
    };
    expect(isMended(plants)).toBe(false);
  });
});
