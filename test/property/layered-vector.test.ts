/** A vector in layers reads as the plain map does, whatever moved in it, and the ones it was made from stay as they were. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHlc } from "../../shared/clock/hlc.ts";
import type { VectorEntry, VersionVector } from "../../shared/crdt/types.ts";
import { parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import { advanced, beyond, covers, join, vectorText } from "../../shared/protocol/vector.ts";

const sure = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("a test's id is none");
  return value;
};
const replica = (n: number): ReplicaId => sure(parseReplicaId(n.toString(16).padStart(32, "0")));
const hlc = sure(parseHlc(7));
const start = (size: number): Map<ReplicaId, VectorEntry> => new Map(Array.from({ length: size }, (_, n) => [replica(n), { seq: 3, hlc }]));

test("by every way of reading", () => {
  const moves = fc.array(fc.record({ n: fc.nat(200), seq: fc.nat(20) }), { maxLength: 150 });
  fc.assert(
    fc.property(fc.constantFrom(0, 127, 128, 150), moves, (size, all) => {
      const plain = start(size);
      let vector: VersionVector = start(size);
      for (const { n, seq } of all) {
        const [before, text] = [vector, vectorText(vector)];
        vector = advanced(vector, replica(n), seq, hlc);
        expect(vectorText(before)).toBe(text);
        if (seq > (plain.get(replica(n))?.seq ?? 0)) plain.set(replica(n), { seq, hlc });
      }
      expect(new Map(vector)).toEqual(plain);
      expect([vector.size, new Set(vector.keys()).size, [...vector.values()].length]).toEqual([plain.size, plain.size, plain.size]);
      const visited = new Map<ReplicaId, VectorEntry>();
      for (const [id, entry] of vector.entries()) visited.set(id, entry);
      expect(visited).toEqual(plain);
      for (let n = 0; n <= 200; n++)
        expect([vector.get(replica(n)), vector.has(replica(n))]).toEqual([plain.get(replica(n)), plain.has(replica(n))]);
      expect([vectorText(vector), covers(vector, plain), covers(plain, vector)]).toEqual([vectorText(plain), true, true]);
      expect([beyond(vector, plain).size, new Map(join(start(size), vector))]).toEqual([0, plain]);
    }),
    { numRuns: 60 },
  );
});

test("a live change does not copy what the workspace ever had", () => {
  const large = start(10_000);
  const moved = advanced(large, replica(5), 9, hlc);
  expect(moved).not.toBeInstanceOf(Map);
  expect([moved.get(replica(5))?.seq, large.get(replica(5))?.seq, moved.size]).toEqual([9, 3, 10_000]);
});
