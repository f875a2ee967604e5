/**
 * The codec takes what it wrote, ignores what is newer, and answers everything else with a typed refusal: garbled, cut short, nested,
 * oversized, forbidden keys. Random bytes and random damage to good frames never lead to anything but a Refusal.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { Packr } from "msgpackr";
import { describe, expect, test } from "vitest";
import { parseHlc } from "../../shared/clock/hlc.ts";
import type { Change, RecordCells, Stamp, VersionVector } from "../../shared/crdt/types.ts";
import {
  parseActionId,
  parseCollectionId,
  parseDeviceId,
  parseEpochMs,
  parseRecordId,
  parseReplicaId,
  parseWorkspaceId,
} from "../../shared/ids.ts";
import { type Compression, encode, makeDecoder } from "../../shared/protocol/codec.ts";
import type { Message } from "../../shared/protocol/messages/message.ts";
import { SPECS } from "../../shared/protocol/messages/message.ts";
import { Refusal } from "../../shared/protocol/refusal.ts";

const sure = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the fixture is none");
  return value;
};
const compression: Compression = {
  compress: (bytes) => new Uint8Array(deflateRawSync(bytes)),
  expand: (bytes, _encoding, limit) => {
    try {
      return new Uint8Array(inflateRawSync(bytes, { maxOutputLength: limit }));
    } catch {
      return undefined;
    }
  },
};
const packr = new Packr({ useRecords: false });
const raw = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value));
const read = (...frames: readonly Uint8Array[]): Message | undefined => {
  const decoder = makeDecoder(compression);
  let message: Message | undefined;
  for (const frame of frames) message = decoder.decode(frame);
  return message;
};

const replica = sure(parseReplicaId("0123456789abcdef0123456789abcdef"));
const other = sure(parseReplicaId("f".repeat(32)));
const stamp: Stamp = { term: 0, hlc: sure(parseHlc(444_555_666_777_888)), replica, seq: 7 };
const record = sure(parseRecordId("0192f0c1-2222-7333-8444-555566667777"));
const collection = sure(parseCollectionId("workOrder"));
const vector: VersionVector = new Map([
  [replica, { seq: 7, hlc: stamp.hlc }],
  [other, { seq: 3, hlc: sure(parseHlc(1)) }],
]);
const change: Change = {
  stamp: { ...stamp, term: 2 },
  action: sure(parseActionId("action")),
  records: [
    {
      record,
      collection,
      creates: true,
      cells: [
        { path: ["status"], value: "new" },
        { path: ["tags", "VBZ/ÖV"], value: true },
        { path: ["notes", replica, "0", "0"], value: new Uint8Array([1, 2, 3]) },
        { path: ["hours"], value: { mon: ["08:00", "17:00"], pause: null, factor: 1.5 } },
      ],
    },
  ],
};
const records: readonly RecordCells[] = Array.from({ length: 200 }, (_, n) => ({
  record: sure(parseRecordId(`order-${n}`)),
  collection,
  whole: n % 2 === 0,
  ...(n % 4 === 0 ? { created: { ...stamp, seq: n + 1000, term: 2 } } : {}),
  cells: [
    { path: ["title"], value: `Order ${n}`, stamp: { ...stamp, seq: n + 1 } },
    { path: ["tags", "constructor"], value: true, stamp: { ...stamp, replica: other, term: 1 } },
  ],
}));
const wall = sure(parseEpochMs(1_795_500_000_000));
const messages: { readonly [Kind in Message["kind"]]: Extract<Message, { readonly kind: Kind }> } = {
  hello: {
    kind: "hello",
    protocol: { min: 1, max: 1 },
    workspace: sure(parseWorkspaceId("w".repeat(43))),
    device: sure(parseDeviceId("d".repeat(43))),
    replica,
    replicaLine: new Uint8Array([1]),
    app: "0.1.0",
    schema: 1,
    capabilities: ["zstd"],
    wall,
    boot: "boot",
    heads: ["h".repeat(43)],
    linesDigest: "lines",
    vectorDigest: "vector",
    seen: vector,
    credit: 4,
    port: 7000,
  },
  membership: { kind: "membership", operations: [new Uint8Array([1, 2])], lines: [new Uint8Array([3])], opening: true },
  digests: { kind: "digests", vector: new Map([[255, "0123456789abcdef"]]), purge: new Map() },
  vector: { kind: "vector", vector, purge: vector },
  announce: { kind: "announce", vector },
  ask: { kind: "ask", vector, checkpoint: { cursor: record, vector } },
  "sweep-start": { kind: "sweep-start", sweep: 1, vector },
  batch: { kind: "batch", sweep: 1, records, cursor: record },
  "sweep-end": { kind: "sweep-end", sweep: 1, purge: vector },
  credit: { kind: "credit", sweep: 1, batches: 2 },
  need: { kind: "need", records: [record] },
  whole: { kind: "whole", records: records.slice(0, 1), absent: [record] },
  change: { kind: "change", change },
  "tree-ask": {
    kind: "tree-ask",
    walk: 1,
    nodes: [
      { depth: 0, index: 0 },
      { depth: 5, index: 64 ** 5 - 1 },
    ],
  },
  tree: {
    kind: "tree",
    walk: 1,
    parts: [
      { kind: "children", node: { depth: 0, index: 0 }, children: [{ child: 63, digest: "0123456789abcdef".repeat(2) }] },
      { kind: "records", node: { depth: 1, index: 63 }, records: [{ record, digest: "f".repeat(32) }] },
    ],
  },
  ack: { kind: "ack", seq: 12 },
  holds: { kind: "holds", vector },
  ping: { kind: "ping", n: 1, wall, vectorDigest: "v", fingerprint: "f" },
  pong: { kind: "pong", n: 1, wall },
  error: { kind: "error", code: "update-yours" },
  bye: { kind: "bye", reason: "stopping" },
};
const all: readonly Message[] = Object.values(messages);

const expectRefusal = (frames: readonly Uint8Array[], code: "garbled" | "too_large"): void => {
  let thrown: unknown;
  try {
    read(...frames);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Refusal);
  expect(thrown instanceof Refusal ? thrown.code : "").toBe(code);
};

describe("what was written is read", () => {
  test.each(all.map((message) => [message.kind, message] as const))("%s", (_kind, message) => {
    expect(read(...encode(message, "deflate", compression))).toEqual(message);
  });

  test("a batch is compressed, and tables keep what repeats once", () => {
    const [frame] = encode(messages.batch, "deflate", compression);
    expect(frame?.length).toBeLessThan(3_000);
  });

  test("a message too long for a frame comes in pieces, in order", () => {
    const long: Message = {
      ...messages.change,
      change: { ...change, records: [{ record, collection, creates: false, cells: [{ path: ["note"], value: "x".repeat(1_500_000) }] }] },
    };
    const frames = encode(long, "deflate", compression);
    expect(frames.length).toBe(3);
    expect(frames.every(({ length }) => length <= 1 << 20)).toBe(true);
    expect(read(...frames)).toEqual(long);
    expectRefusal([sure(frames[0]), ...encode(messages.ping, "plain", compression)], "garbled");
  });

  test("unknown kinds are passed over, unknown fields ignored", () => {
    expect(read(raw(["carets", { who: "x" }]))).toBeUndefined();
    expect(read(raw(["ack", { seq: 3, since: 5, more: { a: [1] } }]))).toEqual({ kind: "ack", seq: 3 });
    expect(read(raw(["error", { code: "a-newer-one" }]))).toEqual({ kind: "error", code: "other" });
  });
});

describe("what is no message is refused", () => {
  const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], null);

  test.each([
    ["nothing", new Uint8Array(), "garbled"],
    ["a text", raw("hello"), "garbled"],
    ["a kind that is no text", raw([5, {}]), "garbled"],
    ["a body that is a list", raw(["ack", [1]]), "garbled"],
    ["a missing field", raw(["ack", {}]), "garbled"],
    ["a number below zero", raw(["ack", { seq: -1 }]), "garbled"],
    ["a broken number", raw(["ack", { seq: 0.5 }]), "garbled"],
    [
      "a forbidden key",
      new Uint8Array([0x92, 0xa3, 97, 99, 107, 0x81, 0xa9, ...Array.from("__proto__", (c) => c.charCodeAt(0)), 0x80]),
      "garbled",
    ],
    ["a key that is no text", new Uint8Array([0x92, 0xa3, 97, 99, 107, 0x81, 0x01, 0x02]), "garbled"],
    ["an extension", new Uint8Array([0x92, 0xa3, 97, 99, 107, 0xd4, 0x72, 0x40]), "garbled"],
    ["bytes after the end", new Uint8Array([...raw(["ack", { seq: 1 }]), 0]), "garbled"],
    ["a list that claims four billion items", new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]), "garbled"],
    ["a text that claims four gigabytes", new Uint8Array([0x92, 0xdb, 0xff, 0xff, 0xff, 0xff, 65]), "garbled"],
    ["deep nesting", raw(["ack", { seq: 1, x: nested(40) }]), "too_large"],
    [
      "a vector with one replica twice",
      raw([
        "vector",
        {
          vector: [
            [new Uint8Array(16), 1, 1],
            [new Uint8Array(16), 2, 2],
          ],
        },
      ]),
      "garbled",
    ],
    ["a stamp whose number is 0", raw(["change", { stamp: [new Uint8Array(16), 0, 1], action: "a", records: [] }]), "garbled"],
    [
      "a system collection among records",
      raw([
        "change",
        { stamp: [new Uint8Array(16), 1, 1], action: "a", records: [{ record: "r", collection: "$type", creates: true, cells: [] }] },
      ]),
      "garbled",
    ],
    [
      "a field named like a prototype",
      raw([
        "change",
        {
          stamp: [new Uint8Array(16), 1, 1],
          action: "a",
          records: [{ record: "r", collection: "site", creates: true, cells: [[["__proto__"], 1]] }],
        },
      ]),
      "garbled",
    ],
    [
      "a path of 400 bytes",
      raw([
        "change",
        {
          stamp: [new Uint8Array(16), 1, 1],
          action: "a",
          records: [{ record: "r", collection: "site", creates: true, cells: [[["tags", "ö".repeat(200)], 1]] }],
        },
      ]),
      "too_large",
    ],
    [
      "more cells than a change may have",
      raw([
        "change",
        {
          stamp: [new Uint8Array(16), 1, 1],
          action: "a",
          records: [{ record: "r", collection: "site", creates: true, cells: Array.from({ length: 501 }, () => [["a"], 1]) }],
        },
      ]),
      "too_large",
    ],
    [
      "one record twice in a change",
      raw([
        "change",
        {
          stamp: [new Uint8Array(16), 1, 1],
          action: "a",
          records: ["title", "status"].map((field) => ({ record: "r", collection: "site", creates: true, cells: [[[field], "x"]] })),
        },
      ]),
      "garbled",
    ],
    ["an unknown compression", raw(["batch", "lzma", new Uint8Array(4)]), "garbled"],
    ["compressed garbage", raw(["batch", "deflate", new Uint8Array([1, 2, 3, 4])]), "garbled"],
    ["a bomb", raw(["batch", "deflate", new Uint8Array(deflateRawSync(new Uint8Array(40 << 20)))]), "garbled"],
    ["a piece that is empty", new Uint8Array([0xc1, 1]), "garbled"],
    ["a piece that is short and not the last", new Uint8Array([0xc1, 0, 1, 2, 3]), "garbled"],
  ] as const)("%s", (_what, frame, code) => expectRefusal([frame], code));

  test("pieces without end", () => {
    const piece = new Uint8Array(2 + 512 * 1024);
    piece[0] = 0xc1;
    expectRefusal(
      Array.from({ length: 40 }, () => piece),
      "too_large",
    );
  });

  test("random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test("good frames with some bytes changed, dropped or added", () => {
    const frames = all.flatMap((message) => encode(message, "plain", compression));
    fc.assert(
      fc.property(
        fc.nat(frames.length - 1),
        fc.array(fc.record({ at: fc.nat(), to: fc.nat(255), how: fc.constantFrom("set", "cut", "add") }), { minLength: 1, maxLength: 6 }),
        (which, damages) => {
          let bytes = [...sure(frames[which])];
          for (const { at, to, how } of damages) {
            const place = at % (bytes.length + 1);
            if (how === "set" && place < bytes.length) bytes[place] = to;
            if (how === "cut") bytes = bytes.slice(0, place);
            if (how === "add") bytes.splice(place, 0, to);
          }
          try {
            read(Uint8Array.from(bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test("any value in place of any body", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(SPECS)), fc.jsonValue({ maxDepth: 5 }), (kind, body) => {
        try {
          read(raw([kind, body]));
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
