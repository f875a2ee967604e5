/**
 * What does not grow with what ever was: an order that 500 devices wrote in, a note of 5,000 sessions, a history at its cap. Counted in
 * cells, segments, client ids and bytes of the file, never in time.
 */
import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from "yjs";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { noteText, readNote } from "../../shared/crdt/notes/doc.ts";
import { clientIdOf } from "../../shared/crdt/notes/leases.ts";
import type { RecordCells } from "../../shared/crdt/types.ts";
import { parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import {
  actionId,
  type Desk,
  epochMs,
  inFolder,
  ORDER,
  ORDER_TYPE,
  openDesk,
  recordId,
  WORKSPACE,
  type World,
} from "../property/store-rig.ts";

const START = Date.UTC(2026, 10, 24);
const ORDER_1 = recordId("order-1");
const FIELDS = ["title", "status", "minutes", "extra"] as const;
const TAGS = ["a", "b", "c"] as const;

const replicaOf = (device: number): ReplicaId => {
  const id = parseReplicaId(device.toString(16).padStart(32, "0"));
  if (id === undefined) throw new Error("no replica id");
  return id;
};

/** The file alone, its log empty. */
const bytesOf = (desk: Desk): number => {
  desk.worker.checkpoint();
  desk.close();
  return statSync(desk.file).size;
};

const valueOf = (field: string, device: number): string | number =>
  field === "minutes" ? device : field === "status" ? (["new", "done", "held"][device % 3] ?? "new") : `${field} of device ${device % 10}`;

describe("an order that many devices wrote in", () => {
  /** Each device overwrites every field and tag of one order. What a peer is sent of it, what the board reads, and the file. */
  const written = (devices: number): { readonly cells: number; readonly sent: number; readonly read: number; readonly bytes: number } =>
    inFolder((folder) => {
      const world: World = { now: START };
      const desk = openDesk(folder, "a", world);
      for (let device = 1; device <= devices; device++) {
        world.now += 1000;
        const stamp = { term: 0, hlc: hlcAt(epochMs(world.now)), replica: replicaOf(device), seq: 1 };
        const cells = [
          ...FIELDS.map((field) => ({ path: [field], value: valueOf(field, device) })),
          ...TAGS.map((tag, i) => ({ path: ["tags", tag], value: (device + i) % 2 === 0 })),
        ];
        const records = [{ record: ORDER_1, collection: ORDER, creates: true, cells }];
        desk.worker.mergeLive({ stamp, action: actionId(`by-${device}`), records }, holdLimit(epochMs(world.now)));
      }
      while (desk.worker.trimHistory({ before: epochMs(world.now + 1), maxBytes: 0, rows: 1000 }) > 0);
      const { records } = desk.worker.sweep(new Map(), null, 1 << 20);
      const cells = records.reduce((sum, record) => sum + record.cells.length, 0);
      const read = JSON.stringify(desk.store.rows([ORDER])).length;
      expect(desk.store.row(ORDER_1)?.["minutes"]).toBe(devices);
      expect(desk.store.verify().differences).toEqual([]);
      return { cells, sent: JSON.stringify(records).length, read, bytes: bytesOf(desk) };
    });

  it("is as large as one that two wrote in, to read, to send and to merge", () => {
    const [few, many] = [written(2), written(500)];
    expect(many.cells).toBe(FIELDS.length + TAGS.length);
    expect(many.cells).toBe(few.cells);
    // The numbers in it have more digits, no more of them.
    expect(many.sent).toBeLessThanOrEqual(few.sent + 60);
    expect(many.read).toBeLessThanOrEqual(few.read + 20);
    // A device that ever wrote costs its place in the vector, whatever it wrote in. (Rows that a trimmed history leaves free count too.)
    expect((many.bytes - few.bytes) / 498).toBeLessThan(400);
  });
});

describe("a note of many sessions", () => {
  const TEXT_BYTES = 40_000;

  /** So many sessions one after the other, each typing its part of one text at its end. */
  const typed = (sessions: number) =>
    inFolder((folder) => {
      const world: World = { now: START };
      const [desk, peer] = [openDesk(folder, "a", world), openDesk(folder, "b", world)];
      const part = "x".repeat(TEXT_BYTES / sessions);
      const clientID = clientIdOf(desk.store.replica, 0);
      let state: Uint8Array | undefined;
      let waiting: Edit[] = [];
      for (let session = 0; session < sessions; session++) {
        const doc = new Doc();
        if (state !== undefined) applyUpdate(doc, state);
        // After what was there: Yjs leaves an id that it meets in another's update.
        doc.clientID = clientID;
        const before = encodeStateVector(doc);
        noteText(doc).insert(noteText(doc).length, part);
        const update = encodeStateAsUpdate(doc, before);
        state = encodeStateAsUpdate(doc);
        waiting.push({ kind: "text", collection: ORDER, record: ORDER_1, field: "notes", slot: 0, update });
        if (waiting.length < 25) continue;
        world.now += 1000;
        desk.store.commit(waiting, { action: actionId(`session-${session}`), label: "Note", undoable: false });
        waiting = [];
      }
      const { updates } = desk.store.text(ORDER_1, "notes");
      expect(readNote(updates)).toBe("x".repeat(TEXT_BYTES));
      const doc = new Doc();
      for (const update of updates) applyUpdate(doc, update);
      const records: readonly RecordCells[] = desk.worker.sweep(new Map(), null, 1 << 24).records;
      peer.worker.mergeBatch(records, holdLimit(epochMs(world.now)));
      expect(readNote(peer.store.text(ORDER_1, "notes").updates)).toBe("x".repeat(TEXT_BYTES));
      while (desk.worker.trimHistory({ before: epochMs(world.now + 1), maxBytes: 0, rows: 1000 }) > 0);
      const found = {
        clients: doc.store.clients.size,
        segments: updates.length,
        cells: records.reduce((sum, record) => sum + record.cells.length, 0),
        segmentBytes: updates.reduce((sum, update) => sum + update.length, 0),
      };
      peer.close();
      return { ...found, bytes: bytesOf(desk) };
    });

  it("is as large as one of few sessions with the same text", () => {
    const [few, many] = [typed(50), typed(5000)];
    expect([few.clients, many.clients]).toEqual([1, 1]);
    expect(many.segments).toBeLessThanOrEqual(Math.ceil(TEXT_BYTES / 4096) + 1);
    expect(many.cells).toBe(many.segments);
    expect(many.segmentBytes).toBeLessThan(few.segmentBytes * 1.05);
    expect(many.segmentBytes).toBeLessThan(TEXT_BYTES * 1.05);
    expect(many.bytes).toBeLessThan(few.bytes * 1.25);
  });
});

describe("the history", () => {
  const COMMITS = 100;
  const RECORDS = 20;

  const withEdits = (keepHistory: boolean, work: (round: (n: number) => void, trim: () => void, bytes: () => number) => void): void =>
    inFolder((folder) => {
      let now = START;
      const file = `${folder}/a.db`;
      const options = {
        file,
        types: [ORDER_TYPE],
        wall: () => epochMs(now),
        random: (bytes: number) => new Uint8Array(bytes).map((_, i) => (i * 37 + bytes) & 0xff),
        gate: newGate(),
        machine: "test",
        keepHistory,
      };
      const store = openStore(options);
      store.adopt(WORKSPACE, "A");
      const worker = openReplicaStore(options);
      try {
        work(
          (n) => {
            for (let edit = 0; edit < COMMITS; edit++) {
              now += 1000;
              const value = `the title number ${edit} of round ${n}`;
              const edits = Array.from({ length: RECORDS }, (_, i): Edit => {
                const record = recordId(`order-${(edit + i * 7) % 150}`);
                return { kind: "put", collection: ORDER, record, path: ["title"], value };
              });
              store.commit(edits, { action: actionId(`act-${n}-${edit}`), label: "Rename the orders" });
            }
          },
          () => {
            while (worker.trimHistory({ before: epochMs(0), maxBytes: 50_000, rows: 100 }) > 0);
          },
          () => {
            worker.checkpoint();
            return statSync(file).size;
          },
        );
        expect(store.verify().differences).toEqual([]);
      } finally {
        worker.close();
        store.close();
      }
    });

  it("adds no more to the file than its rows hold: what was replaced, whose change, and what undo needs", () => {
    const sizes = [true, false].map((keepHistory) => {
      let size = 0;
      withEdits(keepHistory, (round, _trim, bytes) => {
        round(1);
        size = bytes();
      });
      return size;
    });
    const [withIt = 0, without = 0] = sizes;
    const rowBytes = "the title number 100 of round 1".length + ("act-1-100".length + "Rename the orders".length) / RECORDS;
    expect(withIt).toBeGreaterThan(without);
    // Beside these texts a row has six numbers and JSON's marks.
    expect((withIt - without) / (COMMITS * RECORDS)).toBeLessThan(rowBytes + 40);
  });

  it("at its cap no longer grows the file", () =>
    withEdits(true, (round, trim, bytes) => {
      for (let n = 1; n <= 2; n++) {
        round(n);
        trim();
      }
      const atCap = bytes();
      for (let n = 3; n <= 5; n++) {
        round(n);
        trim();
      }
      expect(bytes()).toBeLessThanOrEqual(atCap * 1.02);
    }));
});
