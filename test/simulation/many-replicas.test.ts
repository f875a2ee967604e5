/** A workspace that has had ten thousand replicas: what a reconnect costs in bytes, with news and without. Counts, no times. */
import { expect, test } from "vitest";
import { parseHlc } from "../../shared/clock/hlc.ts";
import type { VectorEntry, VersionVector } from "../../shared/crdt/types.ts";
import { parseRecordId, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import { type Compression, encode } from "../../shared/protocol/codec.ts";
import { digestsOf, filledUp, unlike } from "../../shared/protocol/vector-digests.ts";
import { known, ModelStore, NO_LIMIT } from "./model-store.ts";
import { type Random, seeded } from "./random.ts";
import { World } from "./world.ts";

const PLAIN: Compression = { compress: (bytes) => bytes, expand: (bytes) => bytes };

const vectorOf = (random: Random, size: number): Map<ReplicaId, VectorEntry> =>
  new Map(
    Array.from({ length: size }, () => [
      known(parseReplicaId(random.hex(32))),
      { seq: 1 + random.below(100_000), hlc: known(parseHlc(1 + random.below(2 ** 48))) },
    ]),
  );

test("a reconnect among ten thousand replicas costs a few kilobytes with news, and a few hundred bytes without", () => {
  const random = seeded(1);
  let bytes = 0;
  const world = new World(random, NO_LIMIT, {
    effect: (effect) => {
      if (effect.kind === "send") for (const frame of encode(effect.message, "plain", PLAIN)) bytes += frame.length;
      return effect;
    },
  });
  const all = vectorOf(random, 10_000);
  const [a, b] = [0, 1].map((n) => {
    const store = new ModelStore(known(parseReplicaId(random.hex(32))));
    store.takeVector(all);
    store.sync();
    return { store, desk: world.addDesk(`desk-${n}`, store) };
  });
  if (a === undefined || b === undefined) throw new Error("no desks");
  const cost = (): number => {
    bytes = 0;
    world.connect(a.desk, b.desk);
    world.runUntil(world.now + 2_000);
    world.cut(a.desk, b.desk);
    world.runUntil(world.now + 2_000);
    return bytes;
  };
  const write = ({ store, desk }: typeof a, n: number): void =>
    world.committed(desk, store.commit([{ record: known(parseRecordId(`order-${n}`)), path: ["title"], value: n }], world.wall()));
  write(a, 1);
  expect(cost()).toBeLessThan(16_000);
  expect(b.store.dump()).toBe(a.store.dump());
  expect(cost()).toBeLessThan(1_000);
  for (let n = 2; n < 10; n++) write(n % 2 === 0 ? a : b, n);
  const news = cost();
  expect(b.store.dump()).toBe(a.store.dump());
  // The whole vectors are some 350 KB each way.
  expect(news).toBeLessThan(20_000);
});

test("what is left out of a vector is filled up to the very same", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const ours = vectorOf(random, random.below(400));
    const theirs = new Map(ours);
    for (const replica of ours.keys()) {
      const roll = random.next();
      if (roll < 0.02) theirs.delete(replica);
      else if (roll < 0.04) theirs.set(replica, { seq: 1 + random.below(100_000), hlc: known(parseHlc(7)) });
    }
    for (const [replica, entry] of vectorOf(random, random.below(5))) theirs.set(replica, entry);
    const told = (from: VersionVector, to: VersionVector): VersionVector => filledUp(to, digestsOf(from), unlike(from, digestsOf(to)));
    expect([...told(theirs, ours)].sort(), `seed ${seed}`).toEqual([...theirs].sort());
    expect([...told(ours, theirs)].sort(), `seed ${seed}`).toEqual([...ours].sort());
  }
});
