/**
 * Single decisions of the reducer that the simulator meets rarely or never: heartbeats and late ticks, two connections, one key twice,
 * faults in hello, a full line, too many waiting changes, a member that is removed.
 */
import { describe, expect, test } from "vitest";
import { parseHlc, ZERO_HLC } from "../../shared/clock/hlc.ts";
import type { Change } from "../../shared/crdt/types.ts";
import {
  type DeviceId,
  parseActionId,
  parseCollectionId,
  parseDeviceId,
  parseEpochMs,
  parseRecordId,
  parseReplicaId,
  parseWorkspaceId,
  type ReplicaId,
} from "../../shared/ids.ts";
import type { Role } from "../../shared/membership/types.ts";
import { MAX_WAITING_CHANGES } from "../../shared/protocol/limits.ts";
import type { Hello } from "../../shared/protocol/messages/hello.ts";
import type { Message } from "../../shared/protocol/messages/message.ts";
import { nodeDeadline, startNode, stepNode } from "../../shared/protocol/node.ts";
import type { NodeEffect, NodeEvent, SyncNode } from "../../shared/protocol/node-state.ts";
import { EMPTY_VECTOR } from "../../shared/protocol/vector.ts";

const sure = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the fixture is none");
  return value;
};
const device = (letter: string): DeviceId => sure(parseDeviceId(letter.repeat(43)));
const replica = (digit: string): ReplicaId => sure(parseReplicaId(digit.repeat(32)));
const wall = sure(parseEpochMs(1_795_500_000_000));
const EVERY_MS = 1_000;
const self = device("m");
const small = device("b");
const large = device("z");
const hlc = sure(parseHlc(77));

const hello = (of: DeviceId, its: ReplicaId, changed: Partial<Hello> = {}): Hello => ({
  kind: "hello",
  protocol: { min: 1, max: 1 },
  workspace: sure(parseWorkspaceId("w".repeat(43))),
  device: of,
  replica: its,
  replicaLine: new Uint8Array(),
  app: "0",
  schema: 1,
  capabilities: [],
  wall,
  boot: "one",
  heads: [],
  linesDigest: "",
  vectorDigest: "same",
  seen: EMPTY_VECTOR,
  credit: 2,
  port: 0,
  ...changed,
});

/** A node with its shell reduced to the membership: everybody named here is in it. */
class Rig {
  node: SyncNode;
  now = 0;
  readonly members = new Map<DeviceId, Role>([
    [self, "admin"],
    [small, "dispatcher"],
    [large, "dispatcher"],
  ]);
  readonly replicas = new Map<ReplicaId, DeviceId>([
    [replica("a"), self],
    [replica("b"), small],
    [replica("c"), large],
  ]);

  constructor() {
    const { members, replicas } = this;
    this.node = startNode({
      device: self,
      replica: replica("a"),
      heartbeatMs: EVERY_MS,
      vector: EMPTY_VECTOR,
      purge: EMPTY_VECTOR,
      isEmpty: true,
      members,
      replicas,
    });
  }

  feed(event: NodeEvent): readonly NodeEffect[] {
    const [node, effects] = stepNode(this.node, event, { now: this.now, wall });
    this.node = node;
    return effects.flatMap((effect) => {
      if (effect.kind !== "take-membership") return [effect];
      const { members, replicas } = this;
      return this.feed({ kind: "membership-taken", id: effect.id, opening: effect.opening, members, replicas, operations: [], lines: [] });
    });
  }

  connect(id: number, peer: DeviceId, dialled: boolean): readonly NodeEffect[] {
    return this.feed({ kind: "connected", id, device: peer, dialled, hello: hello(self, replica("a")) });
  }

  receive(id: number, message: Message): readonly NodeEffect[] {
    return this.feed({ kind: "received", id, message });
  }

  /** Connected and open. */
  open(id: number, peer: DeviceId, dialled = true, changed: Partial<Hello> = {}): readonly NodeEffect[] {
    this.connect(id, peer, dialled);
    return this.receive(id, hello(peer, peer === small ? replica("b") : replica("c"), changed));
  }

  tick(at: number, lateMs = 0): readonly NodeEffect[] {
    this.now = at;
    return this.feed({ kind: "tick", lateMs });
  }
}

const sent = (effects: readonly NodeEffect[]): readonly string[] =>
  effects.flatMap((effect) =>
    effect.kind === "send" ? [`${effect.id} ${effect.message.kind}`] : effect.kind === "send-ping" ? [`${effect.id} ping`] : [],
  );
const closed = (effects: readonly NodeEffect[]): readonly unknown[] =>
  effects.flatMap((effect) =>
    effect.kind === "closed"
      ? [
          [
            effect.id,
            effect.reason.kind,
            "code" in effect.reason ? effect.reason.code : "reason" in effect.reason ? effect.reason.reason : null,
          ],
        ]
      : [],
  );
const change = (seq: number, creates = true, name = "r", its = replica("b")): Change => ({
  stamp: { term: 0, hlc, replica: its, seq },
  action: sure(parseActionId("a")),
  records: [
    { record: sure(parseRecordId(name)), collection: sure(parseCollectionId("workOrder")), creates, cells: [{ path: ["a"], value: seq }] },
  ],
});

describe("heartbeats", () => {
  test("a ping each heartbeat, and the end after two without a word", () => {
    const rig = new Rig();
    rig.open(1, small);
    expect(nodeDeadline(rig.node)).toBe(EVERY_MS);
    expect(sent(rig.tick(EVERY_MS))).toEqual(["1 ping"]);
    expect(closed(rig.tick(2 * EVERY_MS - 1))).toEqual([]);
    expect(closed(rig.tick(2 * EVERY_MS))).toEqual([[1, "silent", null]]);
    expect(rig.node.sessions.size).toBe(0);
  });

  test("any bytes are a sign of life", () => {
    const rig = new Rig();
    rig.open(1, small);
    rig.now = 1_900;
    rig.feed({ kind: "heard", id: 1 });
    expect(closed(rig.tick(3_899))).toEqual([]);
    expect(closed(rig.tick(3_900))).toEqual([[1, "silent", null]]);
  });

  test("our own sleep is no silence of the peer", () => {
    const rig = new Rig();
    rig.open(1, small);
    expect(closed(rig.tick(60_000, 59_000))).toEqual([]);
    expect(closed(rig.tick(62_000))).toEqual([[1, "silent", null]]);
  });

  test("the answer tells the peer's clock, whatever the way took", () => {
    const rig = new Rig();
    rig.open(1, small);
    rig.tick(1_000);
    rig.now = 1_200;
    rig.receive(1, { kind: "pong", n: 1, wall: sure(parseEpochMs(wall + 5_000)) });
    const session = rig.node.sessions.get(1);
    expect(session?.phase === "open" ? session.pulse.clockOffset : null).toBe(5_100);
  });

  test("who does not open in time is let go", () => {
    const rig = new Rig();
    rig.connect(1, small, false);
    expect(closed(rig.tick(14_999))).toEqual([]);
    expect(closed(rig.tick(15_000))).toEqual([[1, "error", "timeout"]]);
  });
});

describe("two connections with one device", () => {
  test.each([
    ["the smaller device dialled the first", true, 1],
    ["the smaller device dialled the second", false, 2],
  ])("%s: that one stays", (_what, firstByPeer, stays) => {
    const rig = new Rig();
    // `small` is smaller than ourselves, so what it dialled (`dialled` false here) stays.
    rig.open(1, small, !firstByPeer);
    const effects = rig.open(2, small, firstByPeer);
    expect(closed(effects)).toEqual([[3 - stays, "bye", "replaced"]]);
    expect([...rig.node.sessions.keys()]).toEqual([stays]);
  });

  test("both ends choose the same one", () => {
    const rig = new Rig();
    rig.open(1, large, true);
    expect(closed(rig.open(2, large, false))).toEqual([[2, "bye", "replaced"]]);
  });

  test("a second one in the same direction replaces the first", () => {
    const rig = new Rig();
    rig.open(1, small, false);
    expect(closed(rig.open(2, small, false))).toEqual([[1, "bye", "replaced"]]);
  });

  test("another process with the same key is refused while the first is alive, and welcome once it is silent", () => {
    const rig = new Rig();
    rig.open(1, small, false);
    const refused = rig.open(2, small, false, { boot: "two" });
    expect(closed(refused)).toEqual([[2, "error", "key-in-use-twice"]]);
    expect(refused.some(({ kind }) => kind === "key-in-use-twice")).toBe(true);
    rig.now = EVERY_MS;
    expect(closed(rig.open(3, small, false, { boot: "two" }))).toEqual([[1, "bye", "replaced"]]);
  });
});

describe("hello", () => {
  test.each([
    [{ protocol: { min: 2, max: 4 } }, "update-mine"],
    [{ protocol: { min: 0, max: 0 } }, "update-yours"],
    [{ workspace: sure(parseWorkspaceId("x".repeat(43))) }, "other-workspace"],
    [{ device: large }, "bad-replica"],
    [{ replica: replica("c") }, "bad-replica"],
  ] as const)("%j", (changed, code) => {
    const effects = new Rig().open(1, small, true, changed);
    expect(closed(effects)).toEqual([[1, "error", code]]);
    expect(sent(effects).at(-1)).toBe("1 error");
  });

  test.each([
    ["a number that we never gave", { seen: new Map([[replica("a"), { seq: 4, hlc }]]) }],
    ["our own replica id", { replica: replica("a") }],
  ])("a peer that knows %s tells us that our file was rolled back or copied", (_what, changed) => {
    const effects = new Rig().open(1, small, true, changed);
    expect(effects.some(({ kind }) => kind === "forked")).toBe(true);
    expect(closed(effects)).toEqual([[1, "error", "other"]]);
  });

  test("a number of ours that the peer knows is looked up; one with another clock tells us the same", () => {
    const rig = new Rig();
    rig.node = { ...rig.node, vector: new Map([[replica("a"), { seq: 9, hlc }]]) };
    const effects = rig.open(1, small, true, { seen: new Map([[replica("a"), { seq: 4, hlc }]]) });
    expect(effects).toContainEqual({ kind: "check-own", id: 1, device: small, seq: 4, hlc });
    expect(closed(effects)).toEqual([]);
    const told = rig.feed({ kind: "own-differs", id: 1 });
    expect([told.some(({ kind }) => kind === "forked"), closed(told)]).toEqual([true, [[1, "error", "other"]]]);
  });

  test("a number of which the peer knows no clock proves nothing unless we never gave it", () => {
    const unknown = { seen: new Map([[replica("a"), { seq: 4, hlc: ZERO_HLC }]]) };
    const knowing = new Rig();
    knowing.node = { ...knowing.node, vector: new Map([[replica("a"), { seq: 4, hlc }]]) };
    expect(knowing.open(1, small, true, unknown).some(({ kind }) => kind === "forked" || kind === "check-own")).toBe(false);
    expect(new Rig().open(1, small, true, unknown).some(({ kind }) => kind === "forked")).toBe(true);
  });

  test("equal digests open at once, others exchange vectors first", () => {
    const rig = new Rig();
    expect(sent(rig.open(1, small))).toEqual([]);
    expect(rig.node.sessions.get(1)?.phase).toBe("open");
    expect(sent(rig.open(2, large, true, { vectorDigest: "other" }))).toEqual(["2 vector"]);
    expect(rig.node.sessions.get(2)?.phase).toBe("agreeing");
  });

  test("records before the membership is settled end it", () => {
    const rig = new Rig();
    rig.connect(1, small, true);
    rig.receive(1, hello(small, replica("b"), { heads: ["other"] }));
    expect(closed(rig.receive(1, { kind: "change", change: change(1) }))).toEqual([[1, "error", "unexpected"]]);
  });
});

describe("live changes", () => {
  test("go to those who have the one before, the others are told and ask", () => {
    const rig = new Rig();
    rig.open(1, small);
    expect(sent(rig.feed({ kind: "committed", change: change(1, true, "r", replica("a")) }))).toEqual(["1 change"]);
    expect(sent(rig.feed({ kind: "committed", change: change(2, true, "s", replica("a")) }))).toEqual(["1 change"]);
    rig.open(2, large, true, { vectorDigest: "other" });
    rig.receive(2, { kind: "vector", vector: EMPTY_VECTOR, purge: EMPTY_VECTOR });
    // It was told our vector just now, and lacks 1 and 2: it will ask.
    expect(sent(rig.feed({ kind: "committed", change: change(3, true, "t", replica("a")) }))).toEqual(["1 change", "2 announce"]);
  });

  test("while the line is full nothing piles up, and the news is told once it is free", () => {
    const rig = new Rig();
    rig.open(1, small);
    rig.feed({ kind: "congested", id: 1, congested: true });
    for (let seq = 1; seq <= 5; seq++)
      expect(sent(rig.feed({ kind: "committed", change: change(seq, true, "r", replica("a")) }))).toEqual([]);
    expect(sent(rig.feed({ kind: "congested", id: 1, congested: false }))).toEqual(["1 announce"]);
  });

  test("a change that names an unknown record waits with those after it; too many are left to a round", () => {
    const rig = new Rig();
    rig.open(1, small);
    const merge = rig.receive(1, { kind: "change", change: change(1, false) });
    expect(merge.map(({ kind }) => kind)).toEqual(["merge-live"]);
    const [first] = merge;
    if (first?.kind !== "merge-live") throw new Error("nothing to merge");
    const asked = rig.feed({
      kind: "live-merged",
      id: 1,
      change: first.change,
      result: { kind: "missing", records: [sure(parseRecordId("r"))] },
    });
    expect(sent(asked)).toEqual(["1 need"]);
    for (let seq = 2; seq <= MAX_WAITING_CHANGES; seq++) expect(rig.receive(1, { kind: "change", change: change(seq, false) })).toEqual([]);
    expect(sent(rig.receive(1, { kind: "change", change: change(MAX_WAITING_CHANGES + 1, false) }))).toEqual(["1 ask"]);
  });

  test("what a peer sends comes with how much of ours it had seen: live by its word, in its first round as it was when we met", () => {
    const rig = new Rig();
    const seenIn = (effects: readonly NodeEffect[]): readonly number[] =>
      effects.flatMap((effect) => ("seen" in effect ? [effect.seen] : []));
    for (let seq = 1; seq <= 3; seq++) rig.feed({ kind: "committed", change: change(seq, true, "r", replica("a")) });
    const theirs = new Map([
      [replica("a"), { seq: 1, hlc }],
      [replica("b"), { seq: 4, hlc }],
    ]);
    rig.open(1, small, true, { vectorDigest: "other" });
    expect(sent(rig.receive(1, { kind: "vector", vector: theirs, purge: EMPTY_VECTOR }))).toContain("1 ask");
    rig.receive(1, { kind: "sweep-start", sweep: 1, vector: new Map([[replica("b"), { seq: 4, hlc }]]) });
    // It takes ours in while its own round is under way: what that brings was written before.
    rig.receive(1, { kind: "ack", seq: 3 });
    const batch: Message = { kind: "batch", sweep: 1, records: [], cursor: null };
    expect(seenIn(rig.receive(1, batch))).toEqual([1]);
    rig.feed({ kind: "batch-merged", id: 1, sweep: 1, cursor: null, missing: [] });
    rig.receive(1, { kind: "sweep-end", sweep: 1, purge: EMPTY_VECTOR });
    expect(seenIn(rig.receive(1, { kind: "change", change: change(5, false) }))).toEqual([3]);
  });

  test("a peer that had nothing for us when we met is taken at its word from its first acknowledgement on", () => {
    const rig = new Rig();
    rig.open(1, small);
    rig.feed({ kind: "committed", change: change(1, true, "r", replica("a")) });
    rig.receive(1, { kind: "ack", seq: 1 });
    rig.receive(1, { kind: "announce", vector: new Map([[replica("b"), { seq: 9, hlc }]]) });
    rig.receive(1, { kind: "sweep-start", sweep: 1, vector: new Map([[replica("b"), { seq: 9, hlc }]]) });
    const effects = rig.receive(1, { kind: "batch", sweep: 1, records: [], cursor: null });
    expect(effects).toMatchObject([{ kind: "merge-batch", seen: 1 }]);
  });

  test("a removed member is cut off at once, a demoted one is no longer heard", () => {
    const rig = new Rig();
    rig.open(1, small);
    rig.open(2, large);
    const { replicas } = rig;
    const members = new Map<DeviceId, Role>([
      [self, "admin"],
      [large, "viewer"],
    ]);
    const effects = rig.feed({ kind: "membership", members, replicas, operations: [new Uint8Array([1])], lines: [] });
    expect(closed(effects)).toEqual([[1, "error", "not-a-member"]]);
    expect(sent(effects)).toContain("2 membership");
    expect(closed(rig.receive(2, { kind: "change", change: change(1, true, "r", replica("c")) }))).toEqual([[2, "error", "may-not-send"]]);
  });
});
