/**
 * Desks that delete, purge, are away for long and rejoin, on a network that fails: all come to hold the same, nothing written is lost,
 * nothing deleted rises again, and wrong readings of the rules are found. SEED=n replays: npx vitest run test/simulation/purge.test.ts
 */
import { describe, expect, test } from "vitest";
import { deletionPath, isDeletionPath } from "../../shared/crdt/paths.ts";
import { parseReplicaId } from "../../shared/ids.ts";
import { reachOf } from "../../shared/protocol/purge.ts";
import { seqOf } from "../../shared/protocol/vector.ts";
import { known } from "./model-store.ts";
import { type Bugs, faultOf, type Life, leftInTrash, liveAndSettle, PurgeWorld } from "./purge-life.ts";
import { PurgeStore } from "./purge-store.ts";
import type { Random } from "./random.ts";

const SEEDS = process.env["SEED"] === undefined ? Array.from({ length: 40 }, (_, seed) => seed + 1) : [Number(process.env["SEED"])];
const STEPS = 120;

const run = (seed: number, bugs: Bugs = {}): PurgeWorld => {
  const sim = new PurgeWorld(seed, bugs);
  for (let i = 0; i < 3 + sim.random.below(2); i++) sim.addLife(`desk-${i}`);
  liveAndSettle(sim, STEPS);
  return sim;
};

describe("desks that purge and rejoin", () => {
  const total = { purged: 0, rejoins: 0, returned: 0, restored: 0 };

  test.each(SEEDS)("seed %i: one state, nothing lost, nothing risen", (seed) => {
    const sim = run(seed);
    const replay = `replay: SEED=${seed} npx vitest run test/simulation/purge.test.ts`;
    expect(faultOf(sim), replay).toBeNull();
    expect(leftInTrash(sim), replay).toBe(0);
    expect(faultOf(sim), replay).toBeNull();
    total.purged += sim.counts.purged;
    total.rejoins += sim.counts.rejoins;
    total.returned += sim.counts.returned;
    total.restored += sim.counts.restored;
  });

  test.skipIf(SEEDS.length === 1)("the runs met what is rare", () => {
    expect(total.purged).toBeGreaterThan(200);
    expect(total.rejoins).toBeGreaterThan(10);
    expect(total.returned).toBeGreaterThan(2);
    expect(total.restored).toBeGreaterThan(20);
  });
});

/** What the first seed that finds it says. */
const findsFault = (bugs: Bugs): string | null => {
  for (let seed = 1; seed <= 60; seed++) {
    const fault = faultOf(run(seed, bugs));
    if (fault !== null) return fault;
  }
  return null;
};

const storeLike =
  (make: (store: PurgeStore) => PurgeStore): NonNullable<Bugs["newStore"]> =>
  (random: Random) =>
    make(new PurgeStore(known(parseReplicaId(random.hex(32)))));

/** Everything but the deletions' own stamps is left out of what must be acknowledged. */
const byOwnersAlone = storeLike((store) => {
  const deleted = store.deleted.bind(store);
  store.deleted = (record) => {
    const found = deleted(record);
    const row = store.row(record);
    if (found === undefined || row === undefined) return found;
    const cells = [...row.cells.values()].filter(({ path }) => isDeletionPath(path)).map((cell) => ({ ...cell, value: null }));
    const [first] = cells;
    return first === undefined ? found : { ...found, reach: reachOf(first.stamp, cells) };
  };
  return store;
});

const countingFragments = storeLike((store) => {
  const { mergeBatch, mergeLive } = store;
  store.mergeBatch = (records) =>
    mergeBatch.call(
      store,
      records.map((sent) => ({ ...sent, whole: true })),
    );
  store.mergeLive = (change) =>
    mergeLive.call(store, { ...change, records: change.records.map((writes) => ({ ...writes, creates: true })) });
  return store;
});

/** Only what its vector claims does a desk take for seen. */
const listingByVector = storeLike((store) => {
  const listed = store.listed.bind(store);
  store.listed = (row) => listed(row).filter(({ replica, seq }) => seq <= seqOf(store.vector(), replica));
  return store;
});

/** The list is taken back, so that nothing of it is left; of its own, since no other can be written. */
const clearingLists = storeLike((store) => {
  store.restoring = () => [{ path: deletionPath(store.replica), value: {} }];
  return store;
});

describe("planted bugs are found", { timeout: 120_000 }, () => {
  test("purge on one's own clock", () => {
    expect(findsFault({ judge: () => ({ kind: "goes" }) })).toMatch(/./);
  });

  test("a fragment of a purged record counted", () => {
    expect(findsFault({ newStore: countingFragments })).toMatch(/./);
  });
});

describe("stories", () => {
  /** The second desk has purged what the first, away, still has; a third, empty, has taken half of its first copy from the first. */
  const halfCopied = (bugs: Bugs): { readonly sim: PurgeWorld; readonly first: Life; readonly second: Life; readonly third: Life } => {
    const sim = new PurgeWorld(1, bugs);
    const [first, second] = [sim.addLife("first"), sim.addLife("second")];
    const gone = sim.create(first);
    for (let i = 0; i < 40; i++) sim.create(first);
    const early = sim.create(first);
    sim.connect(first, second);
    sim.world.runUntil(60_000);
    sim.edit(first, { kind: "delete", record: early });
    sim.world.runUntil(120_000);
    sim.purge(first);
    sim.purge(second);
    expect(first.store.trash()).toEqual([]);
    sim.cutAll(first);
    sim.world.runUntil(121_000);
    sim.edit(second, { kind: "delete", record: gone });
    sim.setAway(second, first);
    sim.purge(second);
    expect(second.store.row(gone)).toBeUndefined();
    const third = sim.addLife("third");
    sim.connect(third, first);
    while (third.store.row(gone) === undefined || third.store.live().length < 20) sim.world.runUntil(sim.world.now + 5);
    sim.cutAll(third);
    sim.world.runUntil(sim.world.now + 1_000);
    expect(third.store.vector().size).toBe(0);
    return { sim, first, second, third };
  };

  test("a first copy that was cut is not taken up from another desk", () => {
    const { sim, second, third } = halfCopied({});
    sim.connect(third, second);
    sim.world.runUntil(sim.world.now + 30_000);
    expect(third.store.vector().size).toBe(0);
    sim.settle();
    expect(faultOf(sim)).toBeNull();
  });

  test("planted: taking a fresh copy from two peers", () => {
    const { sim, second, third } = halfCopied({});
    // As if what has come already did not count.
    third.store.isEmpty = () => true;
    sim.world.restart(third.desk);
    sim.connect(third, second);
    sim.world.runUntil(sim.world.now + 30_000);
    sim.settle();
    expect(faultOf(sim)).toMatch(/risen|does not hold/);
  });

  test("a record that came in a catch-up that was cut is deleted as any other", () => {
    const { sim, first, third } = halfCopied({});
    const [record] = third.store.live();
    sim.edit(third, { kind: "delete", record: known(record) });
    sim.connect(third, first);
    sim.settle();
    expect(faultOf(sim)).toBeNull();
    expect(first.store.live()).not.toContain(record);
  });

  test("planted: a deletion's list taken from the version vector", () => {
    const { sim, third } = halfCopied({ newStore: listingByVector });
    const [record] = third.store.live();
    sim.edit(third, { kind: "delete", record: known(record) });
    sim.settle();
    expect(faultOf(sim)).toMatch(/delete of .* in vain/);
  });

  /** Two desks delete one record apart from each other; one restores it before they meet. */
  const restoredApart = (bugs: Bugs): { readonly sim: PurgeWorld; readonly isLive: boolean } => {
    const sim = new PurgeWorld(5, bugs);
    const [office, yard] = [sim.addLife("office"), sim.addLife("yard")];
    const record = sim.create(office);
    sim.settle();
    sim.cutAll(office);
    sim.world.runUntil(sim.world.now + 1_000);
    for (const life of [office, yard]) sim.edit(life, { kind: "delete", record });
    sim.edit(office, { kind: "restore", record });
    sim.settle();
    return { sim, isLive: yard.store.live().includes(record) };
  };

  test("a restore stands against a deletion that did not know of it", () => {
    const { sim, isLive } = restoredApart({});
    expect(faultOf(sim)).toBeNull();
    expect(isLive).toBe(true);
  });

  test("planted: a restore that clears the lists", () => {
    const { sim, isLive } = restoredApart({ newStore: clearingLists });
    expect(isLive).toBe(false);
    expect(faultOf(sim)).toMatch(/was restored/);
  });

  /** The van lacks an edit that the office's deletion lists, since news does not reach it for a while. */
  const deafVan = (bugs: Bugs): { readonly sim: PurgeWorld; readonly wasPurged: boolean } => {
    let isDeaf = false;
    const effect: NonNullable<Bugs["effect"]> = (wanted) =>
      isDeaf && wanted.kind === "send" && wanted.message.kind === "ask" ? null : wanted;
    const sim = new PurgeWorld(3, { ...bugs, effect });
    const [office, yard, van] = [sim.addLife("office"), sim.addLife("yard"), sim.addLife("van")];
    const gone = sim.create(office);
    sim.settle();
    sim.cutAll(yard);
    sim.world.runUntil(sim.world.now + 1_000);
    for (let i = 0; i < 3; i++) sim.put(yard, gone);
    sim.connect(yard, office);
    while (office.store.row(gone)?.cells.get("title")?.stamp.seq !== yard.store.vector().get(yard.store.replica)?.seq)
      sim.world.runUntil(sim.world.now + 1);
    isDeaf = true;
    sim.edit(office, { kind: "delete", record: gone });
    sim.world.runUntil(sim.world.now + 90_000);
    sim.purge(office);
    const wasPurged = office.store.row(gone) === undefined;
    sim.cutAll(office);
    sim.cutAll(van);
    sim.world.runUntil(sim.world.now + 1_000);
    isDeaf = false;
    sim.connect(office, van);
    sim.world.runUntil(sim.world.now + 60_000);
    sim.purge(yard);
    sim.settle();
    return { sim, wasPurged };
  };

  test("a deletion's list is waited for too", () => {
    const { sim, wasPurged } = deafVan({});
    expect(wasPurged).toBe(false);
    expect(faultOf(sim)).toBeNull();
    expect(leftInTrash(sim)).toBe(0);
  });

  test("planted: purge acknowledged by the stamps of the deletions' owners alone", () => {
    const { sim, wasPurged } = deafVan({ newStore: byOwnersAlone });
    expect(wasPurged).toBe(true);
    expect(faultOf(sim)).toMatch(/risen|does not hold/);
  });

  /** Van and car are away while the office purges; the van rejoins, then meets the car before the office does. */
  const vanMeetsCar = (bugs: Bugs): PurgeWorld => {
    const sim = new PurgeWorld(4, bugs);
    const [office, , van, car] = [sim.addLife("office"), sim.addLife("yard"), sim.addLife("van"), sim.addLife("car")];
    const gone = sim.create(office);
    sim.settle();
    for (const away of [van, car]) sim.cutAll(away);
    sim.world.runUntil(sim.world.now + 1_000);
    for (const away of [van, car]) away.awayUntil = Number.POSITIVE_INFINITY;
    sim.edit(office, { kind: "delete", record: gone });
    sim.world.runUntil(sim.world.now + 60_000);
    for (const away of [van, car]) sim.setAway(office, away);
    sim.purge(office);
    expect(office.store.row(gone)).toBeUndefined();
    sim.put(car, gone, "note");
    van.awayUntil = 0;
    sim.connect(van, office);
    sim.world.runUntil(sim.world.now + 30_000);
    sim.connect(van, office);
    sim.world.runUntil(sim.world.now + 30_000);
    expect(sim.counts.rejoins).toBe(1);
    car.awayUntil = 0;
    sim.connect(car, van);
    sim.world.runUntil(sim.world.now + 30_000);
    sim.settle();
    return sim;
  };

  test("whoever took in a vector keeps apart those who lack what was purged for it", () => {
    const sim = vanMeetsCar({});
    expect(faultOf(sim)).toBeNull();
    expect(sim.counts).toMatchObject({ rejoins: 2, returned: 1 });
  });

  test("planted: the purge vector not taken in with the vector", () => {
    const sim = vanMeetsCar({ effect: (effect) => (effect.kind === "take-vector" ? { ...effect, purge: new Map() } : effect) });
    expect(faultOf(sim)).toMatch(/risen|does not hold|lost/);
  });

  test("who was away a long time keeps its unsent work, also on what is gone", () => {
    const sim = new PurgeWorld(2);
    const [office, yard, van] = [sim.addLife("office"), sim.addLife("yard"), sim.addLife("van")];
    const [gone, stays] = [sim.create(office), sim.create(office)];
    sim.settle();
    sim.cutAll(van);
    sim.world.runUntil(sim.world.now + 1_000);
    van.awayUntil = Number.POSITIVE_INFINITY;
    sim.edit(office, { kind: "delete", record: gone });
    sim.world.runUntil(sim.world.now + 60_000);
    sim.purge(office);
    expect(office.store.trash()).toEqual([gone]);
    sim.setAway(office, van);
    sim.purge(office);
    expect(office.store.trash()).toEqual([]);
    sim.put(van, gone, "note");
    sim.put(van, stays, "note");
    const made = sim.create(van);
    sim.settle();
    expect(sim.counts.rejoins).toBe(1);
    expect(sim.returned.map(({ old }) => old)).toEqual([gone]);
    expect(faultOf(sim)).toBeNull();
    expect(yard.store.live()).toHaveLength(3);
    expect(yard.store.live()).toContain(made);
    expect(yard.store.live()).not.toContain(gone);
  });
});
