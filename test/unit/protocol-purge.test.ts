/** The pure decisions about purging: what a record is made of, what it waits for, who may meet whom, what returns. */
import { describe, expect, it } from "vitest";
import { parseHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import { creationBeside, creationOf } from "../../shared/crdt/creation.ts";
import type { Cell, Stamp, VersionVector } from "../../shared/crdt/types.ts";
import { type DeviceId, parseDeviceId, parseEpochMs, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import { judgePurge, reachOf, waitedFor } from "../../shared/protocol/purge.ts";
import { meet, type Reached } from "../../shared/protocol/reach.ts";
import { returnOf } from "../../shared/protocol/rejoin.ts";

const sure = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the fixture is none");
  return value;
};
const device = (letter: string): DeviceId => sure(parseDeviceId(letter.repeat(43)));
const replica = (digit: string): ReplicaId => sure(parseReplicaId(digit.repeat(32)));
const [A, B, C] = [replica("a"), replica("b"), replica("c")];
const stamp = (of: ReplicaId, seq: number, hlc = seq): Stamp => ({ term: 0, hlc: sure(parseHlc(hlc)), replica: of, seq });
const vector = (...entries: readonly (readonly [ReplicaId, number])[]): VersionVector =>
  new Map(entries.map(([id, seq]) => [id, { seq, hlc: ZERO_HLC }]));
const ms = (value: number) => sure(parseEpochMs(value));

describe("what a record is made of", () => {
  const cells: readonly Cell[] = [
    { path: ["title"], value: "x", stamp: stamp(B, 7) },
    { path: ["deleted", C], value: { [A]: [3, 9], [B]: [7], nonsense: [99] }, stamp: stamp(C, 2) },
  ];
  const reach = reachOf(stamp(A, 1), cells);

  it("counts its creation, its cells, its deletions and what their lists name", () => {
    expect([...reach].sort()).toEqual([
      [A, 9],
      [B, 7],
      [C, 2],
    ]);
  });

  it("waits for whoever lacks any of it, for its time in the trash, and for what is held", () => {
    const all = vector([A, 9], [B, 7], [C, 2]);
    const deleted = { reach, isHeld: false, deletedAt: ms(1_000) };
    const rules = { now: ms(2_000), trashMs: 500, own: all, others: new Map([[device("y"), all]]) };
    expect(judgePurge(deleted, rules)).toEqual({ kind: "goes" });
    for (const less of [vector([A, 8], [B, 7], [C, 2]), vector([A, 9], [B, 7]), vector()])
      expect(judgePurge(deleted, { ...rules, others: new Map([[device("y"), less]]) })).toEqual({ kind: "waits", devices: [device("y")] });
    expect(judgePurge(deleted, { ...rules, trashMs: 1_001 })).toEqual({ kind: "recent", until: 2_001 });
    expect(judgePurge({ ...deleted, isHeld: true }, rules)).toEqual({ kind: "unsettled" });
    expect(judgePurge(deleted, { ...rules, own: vector([A, 9]) })).toEqual({ kind: "unsettled" });
  });

  it("waits for every member, for one that is away only while it is connected", () => {
    const known = new Map([[device("y"), { vector: vector([A, 1]), away: ms(5) }]]);
    const waited = (connected: readonly DeviceId[]) => [...waitedFor([device("x"), device("y")], known, new Set(connected)).keys()];
    expect(waited([])).toEqual([device("x")]);
    expect(waited([device("y")])).toEqual([device("x"), device("y")]);
  });
});

describe("who may exchange records", () => {
  const side = (letter: string, holds: VersionVector, purge: VersionVector = vector(), sends = true): Reached => ({
    device: device(letter),
    vector: holds,
    purge,
    sends,
  });
  const full = vector([A, 5]);

  it("all, while each holds what the other has purged", () => {
    expect(meet(side("m", full, vector([A, 4])), side("z", vector([A, 4])), null)).toEqual({ kind: "open" });
  });

  it("not those who lack it: both sides agree on who must rejoin", () => {
    const [ahead, behind] = [side("m", full, vector([A, 4])), side("z", vector([A, 3]))];
    expect(meet(behind, ahead, null)).toEqual({ kind: "rejoin" });
    expect(meet(ahead, behind, null)).toEqual({ kind: "they-rejoin" });
    const other = side("b", vector([B, 5]), vector([B, 5]));
    expect(meet(ahead, other, null)).toEqual({ kind: "rejoin" });
    expect(meet(other, ahead, null)).toEqual({ kind: "they-rejoin" });
  });

  it("an empty replica from one peer alone, and none from whoever may only read", () => {
    const [ahead, empty] = [side("m", full, vector([A, 4])), side("z", vector())];
    expect(meet(ahead, empty, null)).toEqual({ kind: "open" });
    expect(meet(empty, ahead, { kind: "empty" })).toEqual({ kind: "first-copy" });
    expect(meet(empty, ahead, null)).toEqual({ kind: "rejoin" });
    const begun = { kind: "from", device: ahead.device, purge: ahead.purge } as const;
    expect(meet(empty, ahead, begun)).toEqual({ kind: "open" });
    expect(meet(empty, { ...ahead, purge: full }, begun)).toEqual({ kind: "rejoin" });
    expect(meet(empty, side("c", full), begun)).toEqual({ kind: "wait" });
    expect(meet(empty, { ...ahead, sends: false }, { kind: "empty" })).toEqual({ kind: "wait" });
  });
});

describe("what returns from an old file", () => {
  const copy = vector([A, 5]);
  it("is merged where the record is there or was never heard of, and a new record where it was purged and is wanted", () => {
    expect(returnOf({ creation: stamp(A, 2), isDeleted: false }, copy, true)).toBe("merge");
    expect(returnOf({ creation: stamp(B, 2), isDeleted: false }, copy, false)).toBe("merge-whole");
    expect(returnOf({ creation: stamp(A, 2), isDeleted: false }, copy, false)).toBe("new-record");
    expect(returnOf({ creation: stamp(A, 2), isDeleted: true }, copy, false)).toBe("nothing");
  });

  it("goes by the creation that a catch-up names where the cells do not tell it", () => {
    const cells: readonly Cell[] = [{ path: ["title"], value: "x", stamp: stamp(B, 7, 50) }];
    expect(creationBeside(stamp(B, 7, 50), cells)).toEqual({});
    const beside = creationBeside(stamp(A, 1), cells);
    expect(creationOf({ ...beside, cells })).toEqual(stamp(A, 1));
    expect(creationOf({ cells })).toEqual(stamp(B, 7, 50));
    expect(creationOf({ cells: [] })).toBeUndefined();
  });
});
