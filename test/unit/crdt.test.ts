/** The parts of the merge one by one: paths, values, packed stamps, deletion, kinds, hashes, words. Laws over all of them: test/property/merge.test.ts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hlcAt } from "../../shared/clock/hlc.ts";
import { deletionValue, liveness } from "../../shared/crdt/deletion.ts";
import { hashOfBytes, hashOfText } from "../../shared/crdt/hash.ts";
import { readCounter, readList, readSet } from "../../shared/crdt/kinds.ts";
import { termOver } from "../../shared/crdt/merge.ts";
import { compareOn } from "../../shared/crdt/order.ts";
import { PackBuffer } from "../../shared/crdt/pack-buffer.ts";
import { packCreation, packStamps, unpackStamps } from "../../shared/crdt/packed-stamps.ts";
import { ownerOf, pathFromText, pathText } from "../../shared/crdt/paths.ts";
import {
  asideRef,
  branchRef,
  isNamed,
  nameOther,
  nameScalar,
  newStampTable,
  otherStamp,
  pushStamp,
  type StampTable,
  scalarStamp,
} from "../../shared/crdt/stamp-table.ts";
import type { Stamp } from "../../shared/crdt/types.ts";
import { storedFromValue, valueFromStored, valueText } from "../../shared/crdt/value.ts";
import { wordsOf } from "../../shared/crdt/words.ts";
import { parseEpochMs, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";

const replica = (digit: string): ReplicaId => {
  const id = parseReplicaId(digit.repeat(32));
  if (id === undefined) throw new Error("no replica id");
  return id;
};
const A = replica("a");
const B = replica("b");

const stamp = (term: number, ms: number, by: ReplicaId, seq: number): Stamp => {
  const at = parseEpochMs(1_600_000_000_000 + ms);
  if (at === undefined) throw new Error("no instant");
  return { term, hlc: hlcAt(at), replica: by, seq };
};

describe("paths", () => {
  it("come back from their text form, whatever is in a segment", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }), (path) => {
        expect(pathFromText(pathText(path))).toEqual(path);
      }),
    );
    expect(pathText(["tags", "VBZ/ÖV"])).toBe("tags/VBZ~1ÖV");
    expect(pathText(["a~b"])).toBe("a~0b");
  });

  it("name their owner by shape: counters, deletions, restores and text segments", () => {
    expect(
      [
        ["used", A],
        ["deleted", A],
        ["kept", A],
        ["notes", A, "0", "3"],
      ].map(ownerOf),
    ).toEqual([A, A, A, A]);
    expect([["used"], ["tags", "x"], ["tags", A.toUpperCase()], ["list", A, "pos"]].map(ownerOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("the order of two cells", () => {
  it("goes by term, then clock, then replica", () => {
    expect(compareOn(["status"], stamp(1, 0, A, 1), stamp(0, 99, B, 9))).toBeGreaterThan(0);
    expect(compareOn(["status"], stamp(0, 2, A, 1), stamp(0, 1, B, 9))).toBeGreaterThan(0);
    expect(compareOn(["status"], stamp(0, 1, B, 1), stamp(0, 1, A, 9))).toBeGreaterThan(0);
  });

  it("goes by the owner's number alone on an owned path, and the owner beats anybody", () => {
    expect(compareOn(["used", A], stamp(0, 1, A, 5), stamp(7, 99, A, 4))).toBeGreaterThan(0);
    expect(compareOn(["used", A], stamp(0, 1, A, 1), stamp(7, 99, B, 9))).toBeGreaterThan(0);
  });

  it("asks for one term more only where the clock would lose, and always over a held cell", () => {
    const ours = { hlc: stamp(0, 50, A, 1).hlc, replica: A, seq: 1 };
    expect(termOver(stamp(0, 10, B, 1), false, ours)).toBe(0);
    expect(termOver(stamp(2, 10, B, 1), false, ours)).toBe(2);
    expect(termOver(stamp(0, 60, B, 1), false, ours)).toBe(1);
    expect(termOver(stamp(0, 10, B, 1), true, ours)).toBe(1);
  });
});

describe("values", () => {
  it("come back from their stored form, bytes and look-alikes of bytes too", () => {
    const bytes = fc.uint8Array({ maxLength: 20 });
    const data = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(fc.oneof(bytes, data, fc.record({ $bytes: fc.oneof(bytes, fc.string()) }), fc.record({ $$bytes: data })), (value) => {
        const given = JSON.parse(JSON.stringify(storedFromValue(value as never)));
        expect(valueText(valueFromStored(given))).toBe(valueText(value as never));
        if (value instanceof Uint8Array) expect(valueFromStored(given)).toEqual(value);
      }),
    );
  });
});

describe("packed stamps", () => {
  const branch = Array.from({ length: 40 }, (_, slot) => slot % 4 === 3);
  const table = fc
    .record({
      base: fc.nat({ max: 2 ** 50 }),
      stamps: fc.array(
        fc.record({
          replica: fc.integer({ min: 1, max: 5000 }),
          seq: fc.integer({ min: 1, max: 2 ** 40 }),
          hlc: fc.nat({ max: 2 ** 52 }),
          term: fc.nat({ max: 3 }),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      doc: fc.array(fc.option(fc.string()), { maxLength: 40 }),
      cells: fc.array(fc.record({ slot: fc.integer({ min: -1, max: 39 }), position: fc.nat({ max: 200 }), stamp: fc.nat() }), {
        maxLength: 60,
      }),
    })
    .map(({ base, stamps, doc, cells }) => {
      const [first, ...rest] = stamps;
      const made = newStampTable(first?.replica ?? 0, first?.seq ?? 0, first?.hlc ?? 0, first?.term ?? 0);
      for (const { replica: by, seq, hlc, term } of rest) pushStamp(made, by, seq, hlc, term);
      for (const { slot, position, stamp: n } of cells) {
        const index = n % stamps.length;
        if (slot < 0) nameOther(made, asideRef(position), index);
        else if (branch[slot] === true) nameOther(made, branchRef(slot, position), index);
        else nameScalar(made, slot, index);
      }
      return { base, doc, made };
    });

  const stampText = ({ replica: by, seq, hlc, term }: StampTable, index: number): string =>
    `${by[index]} ${seq[index]} ${hlc[index]} ${term[index]}`;

  it("come back as they were, every byte below 128", () => {
    const out = new PackBuffer();
    fc.assert(
      fc.property(table, ({ base, doc, made }) => {
        packCreation(made, base, out);
        const creation = out.bytes.slice(0, out.length);
        packStamps(made, doc, out);
        const later = out.bytes.slice(0, out.length);
        expect([...creation, ...later].every((byte) => byte < 128)).toBe(true);
        const read = unpackStamps(
          String.fromCharCode(...creation),
          later.length === 0 ? null : String.fromCharCode(...later),
          base,
          branch,
        );
        expect(stampText(read, 0)).toBe(stampText(made, 0));
        for (let slot = 0; slot < branch.length; slot++) {
          if (branch[slot] === true) continue;
          expect(stampText(read, scalarStamp(read, slot))).toBe(stampText(made, scalarStamp(made, slot)));
          // A cell without a value exists only by its name.
          if ((doc[slot] ?? null) === null) expect(isNamed(read, slot)).toBe(isNamed(made, slot));
        }
        for (const [ref, index] of made.others ?? []) expect(stampText(read, otherStamp(read, ref))).toBe(stampText(made, index));
        for (const ref of read.others?.keys() ?? []) expect(made.others?.has(ref)).toBe(true);
      }),
    );
  });

  it("cost a record made in one change at most nine bytes, and a later one-cell change at most thirteen", () => {
    const base = 445_865_601_724_416;
    const out = new PackBuffer();
    const made = newStampTable(1, 40_000, base + 2048 * 20, 0);
    const doc = ["a", "b", "c"];
    packCreation(made, base, out);
    expect(out.length).toBeLessThanOrEqual(9);
    packStamps(made, doc, out);
    expect(out.length).toBe(0);
    nameScalar(made, 1, pushStamp(made, 2, 50_000, base + 2048 * 3_600_000, 0));
    packStamps(made, doc, out);
    expect(out.length).toBeLessThanOrEqual(13);
  });
});

describe("deletion", () => {
  const seen = deletionValue([
    { replica: B, seq: 2 },
    { replica: A, seq: 9 },
    { replica: A, seq: 3 },
    { replica: A, seq: 9 },
  ]);

  it("lists what was seen, each once, in one order", () => {
    expect(valueText(seen)).toBe(`{"${A}":[3,9],"${B}":[2]}`);
  });

  it("deletes what its author had seen, and nothing that has an unseen cell", () => {
    const all = [
      { replica: A, seq: 3 },
      { replica: A, seq: 9 },
      { replica: B, seq: 2 },
    ];
    expect(liveness([seen], all, [])).toBe("deleted");
    expect(liveness([seen], [...all, { replica: B, seq: 1 }], [])).toBe("unseen");
    expect(liveness([seen, deletionValue([{ replica: B, seq: 1 }])], [...all, { replica: B, seq: 1 }], [])).toBe("deleted");
    expect(liveness([], all, [])).toBe("live");
  });

  it("is undone by a restore that no deletion had seen", () => {
    const kept = { replica: B, seq: 7 };
    expect(liveness([seen], [{ replica: A, seq: 3 }, kept], [kept])).toBe("live");
    expect(liveness([seen, deletionValue([kept])], [{ replica: A, seq: 3 }, kept], [kept])).toBe("deleted");
  });

  it("takes a list of another shape for an empty one", () => {
    for (const odd of [null, 7, "x", [1], { [A]: 3 }, { [A]: ["3"] }]) expect(liveness([odd], [{ replica: A, seq: 3 }], [])).toBe("unseen");
  });
});

describe("kinds", () => {
  it("a set reads as its true elements, sorted", () => {
    expect(readSet(["b", true, "a~1x", true, "c", false, "d/deep", true, "e", "yes"])).toEqual(["a/x", "b"]);
  });

  it("a counter reads as the sum of all replicas' totals", () => {
    expect(readCounter([A, 5, B, -2, "stray", 100])).toBe(3);
    expect(readCounter([A, -1.3999, B, 1.4])).toBe(0.0001);
    expect(readCounter([A, 0.1, B, 0.2])).toBe(0.3);
    expect(readCounter([A, 1e12, B, 0.25])).toBe(1e12 + 0.25);
  });

  it("a list reads by position, then id; items without a position are gone", () => {
    const cells = ["k2/pos", "a1", "k1/pos", "a1", "k1/label", "one", "k3/pos", null, "k3/label", "gone", "k4/pos", "a0"];
    expect(readList(cells, ["label"])).toEqual([
      { id: "k4", pos: "a0", label: null },
      { id: "k1", pos: "a1", label: "one" },
      { id: "k2", pos: "a1", label: null },
    ]);
  });
});

describe("the hash", () => {
  const hex = (hash: Int32Array): string => Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

  it("is MurmurHash3 x86_128", () => {
    const of = (text: string): string => hex(hashOfBytes(new TextEncoder().encode(text), 0));
    expect(of("The quick brown fox jumps over the lazy dog")).toBe("2f1583c3ecee2c675d7bf66ce5e91d2c");
    expect(of("I will not buy this tobacconist's, it is scratched.")).toBe("9b5b7ba2ef3f7866889adeaf00f3f98e");
    expect(of("")).toBe("0".repeat(32));
  });

  it("of a text is that of its UTF-16LE bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.nat(), (text, seed) => {
        expect(hex(hashOfText(text, seed))).toBe(hex(hashOfBytes(new Uint8Array(Buffer.from(text, "utf16le")), seed)));
      }),
    );
  });

  it("changes with each bit", () => {
    const bytes = new Uint8Array(37).fill(0x5a);
    const seen = new Set([hex(hashOfBytes(bytes, 1))]);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      seen.add(hex(hashOfBytes(changed, 1)));
    }
    expect(seen.size).toBe(37 * 8 + 1);
  });
});

describe("the words of a fingerprint", () => {
  it("are four, of a list that never changes", () => {
    expect(wordsOf("0".repeat(32))).toBe("abandon abandon abandon abandon");
    expect(wordsOf("f".repeat(32))).toBe("zoo zoo zoo zoo");
    expect(wordsOf(`00200400801${"0".repeat(21)}`)).toBe("ability ability ability ability");
  });
});
