/**
 * The laws of the merge on pure code: replicas write, their cells are delivered in any order, any grouping and more than once.
 * The model is a plain Map that keeps the greatest cell ever delivered, by an order written down here once more.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHlc } from "../../shared/clock/hlc.ts";
import {
  FingerprintSum,
  fingerprintText,
  hashCell,
  hashPathText,
  hashRecordId,
  hashReplicaId,
  hashStamp,
} from "../../shared/crdt/fingerprint.ts";
import { newHash } from "../../shared/crdt/hash.ts";
import { type Cells, winners } from "../../shared/crdt/merge.ts";
import { compareCells } from "../../shared/crdt/order.ts";
import { pathText } from "../../shared/crdt/paths.ts";
import type { Cell, Path, Value } from "../../shared/crdt/types.ts";
import { valueText } from "../../shared/crdt/value.ts";
import { parseRecordId, parseReplicaId, type RecordId, type ReplicaId } from "../../shared/ids.ts";

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("a test id does not parse");
  return value;
};

const REPLICAS: readonly ReplicaId[] = ["1", "a", "f"].map((digit) => must(parseReplicaId(digit.repeat(32))));
const RECORD: RecordId = must(parseRecordId("record-1"));

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, false, 0, 1, "", "a", "b"),
  fc.uint8Array({ maxLength: 3 }),
  fc.constantFrom<Value>([1], { a: 1 }, { $bytes: "AQ==" }),
);

/** Cells that replicas could have written, small ranges so that they meet; a replica's clock follows its numbers. */
const cell: fc.Arbitrary<Cell> = fc
  .record({
    writer: fc.nat({ max: 2 }),
    owner: fc.nat({ max: 2 }),
    path: fc.constantFrom("status", "tags/a", "tags/b~1c", "used", "deleted", "kept", "notes"),
    seq: fc.integer({ min: 1, max: 6 }),
    skew: fc.nat({ max: 2 }),
    term: fc.constantFrom(0, 0, 0, 1),
    value,
  })
  .map(({ writer, owner, path, seq, skew, term, value: held }) => {
    const replica = must(REPLICAS[writer]);
    const owned = new Map<string, Path>([
      ["used", ["used", must(REPLICAS[owner])]],
      ["deleted", ["deleted", replica]],
      ["kept", ["kept", replica]],
      ["notes", ["notes", replica, "0", "1"]],
    ]).get(path);
    return { path: owned ?? path.split("/"), value: held, stamp: { term, hlc: must(parseHlc(seq * 10 + skew)), replica, seq } };
  });

/** The order once more, in the plainest words. */
const isGreater = (a: Cell, b: Cell): boolean => {
  const owner = a.path.find((segment, i) => i === 1 && /^[0-9a-f]{32}$/.test(segment));
  if (owner !== undefined) {
    if (a.stamp.replica === owner && b.stamp.replica !== owner) return true;
    if (b.stamp.replica === owner && a.stamp.replica !== owner) return false;
    if (a.stamp.replica === owner && a.stamp.seq !== b.stamp.seq) return a.stamp.seq > b.stamp.seq;
  }
  const keys = (c: Cell) => [c.stamp.term, c.stamp.hlc, c.stamp.replica, valueText(c.value), c.stamp.seq] as const;
  const [left, right] = [keys(a), keys(b)];
  for (let i = 0; i < left.length; i++) {
    const [x, y] = [must(left[i]), must(right[i])];
    if (x !== y) return x > y;
  }
  return false;
};

const greatest = (cells: readonly Cell[]): Map<string, Cell> => {
  const model = new Map<string, Cell>();
  for (const delivered of cells) {
    const key = JSON.stringify(delivered.path);
    const rival = model.get(key);
    if (rival === undefined || isGreater(delivered, rival)) model.set(key, delivered);
  }
  return model;
};

/** Delivers in groups; each group is merged as one. */
const merged = (groups: readonly (readonly Cell[])[]): Cells => {
  const state = new Map<string, Cell>();
  for (const group of groups) for (const [key, won] of winners(state, group)) state.set(key, won);
  return state;
};

const fingerprintOf = (cells: Cells): string => {
  const sum = new FingerprintSum();
  const stampHash = newHash();
  const out = newHash();
  for (const { path, value: held, stamp } of cells.values()) {
    hashStamp(hashRecordId(RECORD), { ...stamp, replica: hashReplicaId(stamp.replica) }, stampHash);
    hashCell(stampHash, hashPathText(pathText(path)), held, out);
    sum.add(out);
  }
  return fingerprintText(sum.total());
};

const inGroups = (cells: readonly Cell[], cuts: readonly number[]): readonly (readonly Cell[])[] => {
  const groups: Cell[][] = [[]];
  for (const [i, delivered] of cells.entries()) {
    if (cuts.includes(i)) groups.push([]);
    groups.at(-1)?.push(delivered);
  }
  return groups;
};

const stateText = (cells: Iterable<Cell>): string =>
  JSON.stringify(
    [...cells]
      .map(({ path, value: held, stamp }) => [pathText(path), valueText(held), stamp])
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
  );

describe("the merge", () => {
  it("any order, grouping and duplication reach one fingerprint, and each cell is the greatest ever delivered", () => {
    const deliveries = fc.array(cell, { minLength: 1, maxLength: 30 }).chain((cells) =>
      fc.record({
        cells: fc.constant(cells),
        again: fc.shuffledSubarray(cells),
        order: fc.shuffledSubarray(cells, { minLength: cells.length }),
        cuts: fc.array(fc.nat({ max: 60 })),
      }),
    );
    fc.assert(
      fc.property(deliveries, ({ cells, again, order, cuts }) => {
        const plain = merged([cells]);
        const shuffled = merged(inGroups([...order, ...again], cuts));
        expect(stateText(shuffled.values())).toBe(stateText(greatest(cells).values()));
        expect(stateText(plain.values())).toBe(stateText(shuffled.values()));
        expect(fingerprintOf(shuffled)).toBe(fingerprintOf(plain));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the same one of two cells of a fork that have owner, number and value in common", () => {
    const owner = must(REPLICAS[1]);
    const [early, late] = [10, 11].map((hlc) => ({
      path: ["used", owner],
      value: 1,
      stamp: { term: 0, hlc: must(parseHlc(hlc)), replica: owner, seq: 1 },
    }));
    const cells = [must(early), must(late)];
    expect(fingerprintOf(merged([cells]))).toBe(fingerprintOf(merged([cells.toReversed()])));
  });

  it("wins nothing with what already stands", () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 20 }), (cells) => {
        const state = merged([cells]);
        expect(winners(state, [...state.values()]).size).toBe(0);
        expect(winners(state, cells).size).toBe(0);
      }),
    );
  });

  it("orders any two cells of a path the same from both sides, and three in a row", () => {
    fc.assert(
      fc.property(cell, cell, cell, (a, b, c) => {
        const [x, y, z] = [a, { ...b, path: a.path }, { ...c, path: a.path }];
        expect(Math.sign(compareCells(x, y))).toBe(-Math.sign(compareCells(y, x)) + 0);
        if (compareCells(x, y) > 0 && compareCells(y, z) > 0) expect(compareCells(x, z)).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("has another fingerprint for every single difference in a cell", () => {
    fc.assert(
      fc.property(cell, cell, (a, b) => {
        const same = stateText([a]) === stateText([b]);
        expect(fingerprintOf(merged([[a]])) === fingerprintOf(merged([[b]]))).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});
