/**
 * What a member may send and must not: garbled, cut, oversized frames, messages out of order, changes from who may only read. The desk
 * closes that one link with a typed error and goes on; a catch-up that is cut is taken up with the rest only, on both sides.
 */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compression } from "../../main/sync/compression.ts";
import { parseHlc } from "../../shared/clock/hlc.ts";
import type { RecordCells } from "../../shared/crdt/types.ts";
import {
  type DeviceId,
  parseActionId,
  parseCollectionId,
  parseDeviceId,
  parseRecordId,
  parseReplicaId,
  type RecordId,
} from "../../shared/ids.ts";
import { encode } from "../../shared/protocol/codec.ts";
import type { Message } from "../../shared/protocol/messages/message.ts";
import { EMPTY_VECTOR } from "../../shared/protocol/vector.ts";
import { TestDesk, until } from "./sync-desks.ts";
import { RawPeer } from "./sync-raw.ts";

const sure = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("a test's value is none");
  return value;
};
const collection = sure(parseCollectionId("workOrder"));
const record = (n: number): RecordId => sure(parseRecordId(`raw-${String(n).padStart(4, "0")}`));

describe("a member without manners", { timeout: 120_000 }, () => {
  let desk: TestDesk;
  let member: TestDesk;
  let device: DeviceId;

  beforeEach(async () => {
    [desk, member] = await Promise.all([TestDesk.start("desk"), TestDesk.start("member")]);
    device = sure(parseDeviceId(desk.device));
    await desk.ask({ do: "found" });
    await desk.ask({ do: "fill", prefix: "order", count: 30 });
    await desk.admit(member);
    await until(
      "they were connected",
      () => desk.connectedTo(),
      (peers) => peers.length === 1,
    );
    await member.kill();
    await until(
      "it is gone",
      () => desk.connectedTo(),
      (peers) => peers.length === 0,
    );
  });
  afterEach(async () => {
    await Promise.all([desk.end(), member.end()]);
  });

  const dial = (): Promise<RawPeer> => RawPeer.dial(member.folder, desk.port, device);
  const opened = async (): Promise<RawPeer> => {
    const peer = await dial();
    await peer.open(EMPTY_VECTOR);
    return peer;
  };

  test("bytes that are no message close that link, and the desk goes on", async () => {
    const bad: readonly Uint8Array[] = [
      new Uint8Array(),
      new Uint8Array([0xc1]),
      new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]),
      new Uint8Array(randomBytes(5_000)),
      new Uint8Array([0x92, 0xa3, 97, 99, 107, 0x81, 0xa9, ...Buffer.from("__proto__"), 0x80]),
    ];
    for (const bytes of bad) {
      const early = await dial();
      early.link.send(bytes);
      expect(await early.closed).toBe("garbled");
      const late = await opened();
      late.link.send(bytes);
      expect(await late.closed).toBe("garbled");
    }
    // Half a megabyte more than a frame may have: the transport itself ends it.
    const large = await opened();
    large.link.send(new Uint8Array((1 << 20) + 1));
    await large.closed;
    const state = await desk.state();
    expect(state.fatal).toBeNull();
    expect(state.records).toBe(30);
  });

  test("good frames damaged at random never stop the desk or store something half", async () => {
    const frames = [
      { kind: "announce", vector: new Map([[sure(parseReplicaId("a".repeat(32))), { seq: 3, hlc: sure(parseHlc(5)) }]]) },
      { kind: "ask", vector: EMPTY_VECTOR, checkpoint: { cursor: record(1), vector: EMPTY_VECTOR } },
      { kind: "need", records: [record(1)] },
      { kind: "membership", operations: [new Uint8Array(100)], lines: [new Uint8Array(50)], opening: false },
      { kind: "credit", sweep: 1, batches: 1 },
      { kind: "ack", seq: 10 },
    ].flatMap((message) => encode(message as Message, "plain", compression));
    for (let round = 0; round < 25; round++) {
      const peer = await opened();
      for (const frame of frames) {
        const damaged = frame.slice();
        for (let hit = 0; hit < 3; hit++) damaged[randomBytes(2).readUInt16BE(0) % damaged.length] = randomBytes(1)[0] ?? 0;
        peer.link.send(damaged);
      }
      peer.link.close(1000, "done");
      await peer.closed;
    }
    const state = await desk.state();
    expect(state.fatal).toBeNull();
    expect(state.records).toBe(30);
    await member.restart();
    await until(
      "the real member is welcome",
      () => desk.connectedTo(),
      (peers) => peers.length === 1,
    );
  });

  test("messages out of order close the link with a typed error", async () => {
    const stray: readonly Message[] = [
      { kind: "batch", sweep: 1, records: [], cursor: null },
      { kind: "sweep-end", sweep: 1, purge: EMPTY_VECTOR },
      { kind: "sweep-start", sweep: 1, vector: EMPTY_VECTOR },
      { kind: "vector", vector: EMPTY_VECTOR, purge: EMPTY_VECTOR },
      { kind: "membership", operations: [], lines: [], opening: true },
    ];
    for (const message of stray) {
      const peer = await opened();
      peer.send(message);
      expect(await peer.closed).toBe("unexpected");
    }
    const early = await dial();
    early.send({ kind: "ask", vector: EMPTY_VECTOR, checkpoint: null });
    expect(await early.closed).toBe("unexpected");
  });

  test("another version, another workspace, another's replica are told what is wrong", async () => {
    const cases = [
      [{ protocol: { min: 2, max: 3 } }, "update-mine"],
      [{ protocol: { min: 0, max: 0 } }, "update-yours"],
      [{ workspace: "w".repeat(43) }, "other-workspace"],
      [{ replicaLine: new Uint8Array([1, 2, 3]), heads: ["x"] }, "bad-replica"],
    ] as const;
    for (const [changed, code] of cases) {
      const peer = await dial();
      const { workspace } = await peer.next("hello");
      peer.send({ ...peer.hello(workspace), ...(changed as object) });
      if (code === "bad-replica") peer.send({ kind: "membership", operations: [], lines: [], opening: true });
      expect((await peer.next("error")).code).toBe(code);
      expect(await peer.closed).toBe(code);
    }
  });

  test("asked with a checkpoint, the desk sends what lies beyond it, and of what lies before only the news", async () => {
    const first = await dial();
    const held = await first.open(EMPTY_VECTOR);
    first.send({ kind: "ask", vector: EMPTY_VECTOR, checkpoint: null });
    const { vector } = await first.next("sweep-start");
    const all = await first.next("batch");
    expect(all.records.length).toBe(30);
    first.link.terminate();
    const middle = sure(all.records[14]).record;
    await desk.ask({ do: "put", record: sure(all.records[2]).record, field: "title", value: "News before the checkpoint" });
    const second = await dial();
    await second.open(EMPTY_VECTOR);
    second.send({ kind: "ask", vector: EMPTY_VECTOR, checkpoint: { cursor: middle, vector } });
    await second.next("sweep-start");
    const records: RecordCells[] = [];
    for (;;) {
      const message = await Promise.race([second.next("batch"), second.next("sweep-end")]);
      if (message.kind === "sweep-end") break;
      records.push(...message.records);
      if (message.cursor === null) break;
      second.send({ kind: "credit", sweep: message.sweep, batches: 1 });
    }
    expect(held.size).toBeGreaterThan(0);
    const before = records.filter(({ record: id }) => id <= middle);
    expect(before.map(({ record: id, cells }) => [id, cells.map(({ value }) => value)])).toEqual([
      [sure(all.records[2]).record, ["News before the checkpoint"]],
    ]);
    expect(records.length - before.length).toBe(15);
  });

  test("a catch-up that is cut is asked for with its checkpoint when the same desk comes again", async () => {
    const peer = await dial();
    const hlc = sure(parseHlc(1_000_000));
    const vector = new Map([[peer.replica, { seq: 40, hlc }]]);
    const batch = (from: number): readonly RecordCells[] =>
      Array.from({ length: 10 }, (_, n) => ({
        record: record(from + n),
        collection,
        whole: true,
        cells: [{ path: ["title"], value: `raw ${from + n}`, stamp: { term: 0, hlc, replica: peer.replica, seq: from + n + 1 } }],
      }));
    await peer.open(vector);
    expect((await peer.next("ask")).checkpoint).toBeNull();
    peer.send({ kind: "sweep-start", sweep: 1, vector });
    peer.send({ kind: "batch", sweep: 1, records: batch(0), cursor: record(9) });
    peer.send({ kind: "batch", sweep: 1, records: batch(10), cursor: record(19) });
    await peer.next("credit");
    await peer.next("credit");
    peer.link.terminate();
    await until(
      "the link is gone",
      () => desk.connectedTo(),
      (peers) => peers.length === 0,
    );

    const again = await RawPeer.dial(member.folder, desk.port, device, peer.replica);
    const held = await again.open(vector);
    // Half a catch-up counts for nothing in the vector, and for all in the checkpoint.
    expect(held.has(peer.replica)).toBe(false);
    expect((await again.next("ask")).checkpoint).toEqual({ cursor: record(19), vector });
    again.send({ kind: "sweep-start", sweep: 1, vector });
    again.send({ kind: "batch", sweep: 1, records: batch(20), cursor: null });
    again.send({ kind: "sweep-end", sweep: 1, purge: EMPTY_VECTOR });
    await until(
      "it was taken in",
      () => desk.state(),
      ({ records }) => records === 60,
    );

    // Live goes on from there, n+1 on n; a leap is asked for, and a record that is not here is asked for whole.
    const action = sure(parseActionId("a"));
    const stamp = (seq: number) => ({ term: 0, hlc: sure(parseHlc(1_000_000 + seq)), replica: peer.replica, seq });
    const write = (id: RecordId, creates: boolean, value: string) => ({
      record: id,
      collection,
      creates,
      cells: [{ path: ["title"], value }],
    });
    again.send({ kind: "change", change: { stamp: stamp(41), action, records: [write(record(3), false, "live")] } });
    await until(
      "live",
      () => desk.row(record(3)),
      (row) => row?.["title"] === "live",
    );
    again.send({ kind: "change", change: { stamp: stamp(42), action, records: [write(record(77), false, "unknown here")] } });
    expect((await again.next("need")).records).toEqual([record(77)]);
    again.send({ kind: "change", change: { stamp: stamp(43), action, records: [write(record(4), false, "waits its turn")] } });
    again.send({
      kind: "whole",
      absent: [],
      records: [{ record: record(77), collection, whole: true, cells: [{ path: ["title"], value: "unknown here", stamp: stamp(42) }] }],
    });
    await until(
      "both",
      () => desk.row(record(4)),
      (row) => row?.["title"] === "waits its turn",
    );
    expect((await desk.row(record(77)))?.["title"]).toBe("unknown here");
    again.send({ kind: "change", change: { stamp: stamp(50), action, records: [write(record(5), false, "a leap")] } });
    await again.next("ask");
    expect((await desk.row(record(5)))?.["title"]).toBe("raw 5");
  });
});
