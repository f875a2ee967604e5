/**
 * Every kind of field, from what a person gives to what another desk reads: read against the type, committed to a real file, found by
 * its value, carried over the wire's own bytes, merged with what the other desk wrote meanwhile; and refused where it does not fit.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { applyUpdate, Doc } from "yjs";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { noteText, readNote } from "../../shared/crdt/notes/doc.ts";
import type { FieldWrite, ValueContext } from "../../shared/domain/field-writes.ts";
import { creationWrites, valueWrites } from "../../shared/domain/values.ts";
import { parseCollectionId, type RecordId } from "../../shared/ids.ts";
import { type Compression, encode, makeDecoder } from "../../shared/protocol/codec.ts";
import type { FieldDef, TypeDef } from "../../shared/schema/types.ts";
import { actionId, collectionId, type Desk, epochMs, inFolder, openDesk, recordId, type World } from "../property/store-rig.ts";

const THING = collectionId("thing");
const CUSTOMER = parseCollectionId("customer") ?? expect.fail("no id");
const START = Date.UTC(2026, 10, 24, 8, 5);
const ZONE = "Europe/Berlin";
const RECORD = recordId("0198a000-0000-7000-8000-000000000001");
const MEIER = recordId("0198a000-0000-7000-8000-0000000000ff");

const FIELDS: readonly FieldDef[] = [
  { id: "name", name: "Name", kind: "string", indexed: true, searched: true, maxLength: 40 },
  { id: "sku", name: "Sku", kind: "string", pattern: "[A-Z]{2}-\\d{3,5}", indexed: true },
  { id: "level", name: "Level", kind: "number", min: -10, max: 10, indexed: true },
  { id: "floors", name: "Floors", kind: "number", integer: true },
  { id: "price", name: "Price", kind: "money", currency: "EUR", indexed: true },
  { id: "fee", name: "Fee", kind: "money", currency: "JPY" },
  { id: "active", name: "Active", kind: "boolean" },
  { id: "day", name: "Day", kind: "date", indexed: true },
  { id: "at", name: "At", kind: "instant", indexed: true },
  { id: "agreed", name: "Agreed", kind: "zoned" },
  { id: "length", name: "Length", kind: "minutes", indexed: true },
  { id: "status", name: "Status", kind: "choice", options: ["new", "in_progress", "done"], default: "new", indexed: true },
  { id: "customer", name: "Customer", kind: "reference", to: CUSTOMER, indexed: true },
  { id: "hours", name: "Hours", kind: "json" },
  { id: "tags", name: "Tags", kind: "set", indexed: true },
  { id: "used", name: "Used", kind: "counter" },
  {
    id: "steps",
    name: "Steps",
    kind: "list",
    item: [
      { id: "label", name: "Label", kind: "string" },
      { id: "done", name: "Done", kind: "boolean" },
    ],
  },
  { id: "notes", name: "Notes", kind: "text" },
];
const TYPE: TypeDef = { collection: THING, name: "Thing", fields: FIELDS, listed: true };

/** Two desks of one workspace, and what their people do. */
const desks = (folder: string) => {
  const world: World = { now: START };
  const ours = openDesk(folder, "a", world, 0, [TYPE]);
  const theirs = openDesk(folder, "b", world, 0, [TYPE]);
  let count = 0;
  const contextOf = (desk: Desk): ValueContext => ({
    zone: ZONE,
    now: epochMs(world.now),
    find: (_collection, text) => (text === "Meier" ? MEIER : recordId(text)),
    newItem: () => `item${++count}`,
    current: desk.store.row(RECORD),
  });
  const editOf = (desk: Desk, write: FieldWrite): Edit => {
    const target = { collection: THING, record: RECORD };
    if (write.kind === "put") return { ...target, kind: "put", path: write.path, value: write.value };
    if (write.kind === "count") return { ...target, kind: "count", field: write.field, by: write.by };
    const doc = new Doc();
    for (const update of desk.store.text(RECORD, write.field).updates) applyUpdate(doc, update);
    const text = noteText(doc);
    doc.clientID = desk === ours ? 1001 : 2002;
    let update: Uint8Array = new Uint8Array();
    doc.on("update", (each: Uint8Array) => {
      update = each;
    });
    text.insert(text.length, write.text);
    return { ...target, kind: "text", field: write.field, slot: 0, update };
  };
  const commit = (desk: Desk, edits: readonly Edit[]): void => {
    world.now += 1;
    if (edits.length > 0) desk.store.commit(edits, { action: actionId(`act-${++count}`), label: "test" });
  };
  /** What a person gives for fields of the record; makes it where there is none. */
  const give = (desk: Desk, values: Readonly<Record<string, unknown>>): void => {
    const context = contextOf(desk);
    const writes = context.current === undefined ? creationWrites(TYPE, values, context) : valueWrites(TYPE, values, context);
    commit(
      desk,
      writes.map((write) => editOf(desk, write)),
    );
  };
  /** All that one lacks of the other, as the bytes that go over the wire. */
  const carry = (from: Desk, to: Desk): void => {
    const { records } = from.worker.sweep(to.worker.vector(), null, 1e6);
    const compression: Compression = {
      compress: (bytes) => new Uint8Array(deflateRawSync(bytes)),
      expand: (bytes, _encoding, limit) => new Uint8Array(inflateRawSync(bytes, { maxOutputLength: limit })),
    };
    const frames = encode({ kind: "batch", sweep: 1, records, cursor: null }, "deflate", compression);
    const decoder = makeDecoder(compression);
    const message = frames.map((frame) => decoder.decode(frame)).at(-1);
    if (message?.kind !== "batch") expect.fail("no batch came out");
    to.worker.mergeBatch(message.records, holdLimit(epochMs(world.now)));
    to.worker.takeVector(from.worker.vector());
  };
  const meet = (): void => {
    carry(ours, theirs);
    carry(theirs, ours);
    expect(theirs.store.fingerprint()).toBe(ours.store.fingerprint());
  };
  const read = (desk: Desk, field: string): unknown =>
    field === "notes" ? readNote(desk.store.text(RECORD, field).updates) : desk.store.row(RECORD)?.[field];
  const close = (): void => {
    for (const desk of [ours, theirs]) {
      expect(desk.store.verify().differences).toEqual([]);
      desk.close();
    }
  };
  return { ours, theirs, give, commit, meet, read, close };
};

const withDesks = (work: (both: ReturnType<typeof desks>) => void): void =>
  inFolder((folder) => {
    const both = desks(folder);
    work(both);
    both.close();
  });

/** Whatever the ids of the items are. */
const plain = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((item: unknown) => (typeof item === "object" && item !== null && "label" in item ? item.label : item))
    : value;

describe("a kind", () => {
  it.each<[field: string, given: unknown, reads: unknown, next: unknown, then: unknown]>([
    ["name", "Boiler", "Boiler", "Pumpe 7", "Pumpe 7"],
    ["sku", "AB-123", "AB-123", "ZZ-98765", "ZZ-98765"],
    ["level", "7.25", 7.25, -3, -3],
    ["floors", "4", 4, 0, 0],
    ["price", "12.50", 1250, "0,07", 7],
    ["price", "-12", -1200, 99, 99],
    ["fee", "1250", 1250, "0", 0],
    ["active", "yes", true, false, false],
    ["day", "2028-02-29", "2028-02-29", "2026-11-24", "2026-11-24"],
    ["at", "2026-11-24 14:30", Date.UTC(2026, 10, 24, 13, 30), "2026-11-24T14:30-05:00", Date.UTC(2026, 10, 24, 19, 30)],
    [
      "agreed",
      "2026-11-24T14:30[America/New_York]",
      "2026-11-24T14:30:00-05:00[America/New_York]",
      "14:30",
      "2026-11-24T14:30:00+01:00[Europe/Berlin]",
    ],
    // The hour that comes twice: the earlier one unless the offset says so.
    [
      "agreed",
      "2026-10-25T02:30[Europe/Berlin]",
      "2026-10-25T02:30:00+02:00[Europe/Berlin]",
      "2026-10-25T02:30+01:00[Europe/Berlin]",
      "2026-10-25T02:30:00+01:00[Europe/Berlin]",
    ],
    ["length", "1 h 30", 90, "PT2H", 120],
    ["status", "In progress", "in_progress", "done", "done"],
    ["customer", "Meier", MEIER, RECORD, RECORD],
    ["hours", '{"1":[480,1020]}', { "1": [480, 1020] }, [null, true], [null, true]],
    ["tags", "b, a/c~d", ["a/c~d", "b"], "+urgent,-b", ["a/c~d", "urgent"]],
    ["used", 5, 5, "-2", 3],
    ["steps", "+shut valve,+drain,+refill", ["shut valve", "drain", "refill"], "refill@1,-drain", ["refill", "shut valve"]],
    ["notes", "Ring twice. ", "Ring twice. ", "Dog.", "Ring twice. Dog."],
  ])("%s takes %j, reads on both desks, changes to %j and is cleared", (field, given, reads, next, then) =>
    withDesks(({ ours, theirs, give, meet, read }) => {
      give(ours, { name: "Thing", [field]: given });
      meet();
      expect(plain(read(theirs, field))).toEqual(reads);
      give(theirs, { [field]: next });
      meet();
      for (const desk of [ours, theirs]) expect(plain(read(desk, field))).toEqual(then);
      const def = FIELDS.find(({ id }) => id === field);
      if (def?.indexed === true) {
        const value = Array.isArray(then) ? String(then[0]) : (then as string | number);
        expect(ours.store.where(THING, field, value)).toEqual([RECORD]);
        expect(theirs.store.where(THING, field, Array.isArray(then) ? "b" : (reads as string | number))).toEqual([]);
      }
      if (def?.kind === "text") return;
      give(ours, { [field]: null });
      meet();
      const empty = { set: [], list: [], counter: 0 }[String(def?.kind)] ?? null;
      expect(read(theirs, field)).toEqual(empty);
      ours.store.undo({ action: actionId("undo") });
      meet();
      expect(plain(read(theirs, field))).toEqual(then);
    }),
  );

  it.each<[field: string, path: readonly string[], value: unknown, says: RegExp]>([
    ["name", ["name"], "x".repeat(41), /at most 40 characters/],
    ["name", ["name"], 7, /must be a text/],
    ["name", ["name"], "\ud800", /half a character/],
    ["sku", ["sku"], "AB-12", /must look like/],
    ["level", ["level"], 10.5, /at most 10/],
    ["level", ["level"], Number.NaN, /must be a number/],
    ["floors", ["floors"], 1.5, /whole number/],
    ["price", ["price"], 12.5, /smallest unit of EUR/],
    ["active", ["active"], "yes", /true or false/],
    ["day", ["day"], "2026-02-29", /must be a date/],
    ["at", ["at"], "2026-11-24", /point in time/],
    ["agreed", ["agreed"], "2026-11-24T14:30:00+01:00", /with its zone/],
    ["agreed", ["agreed"], "2026-11-24T14:30:00+01:00[Mars/Base]", /with its zone/],
    ["length", ["length"], -1, /whole number of minutes/],
    ["status", ["status"], "lost", /one of new, in_progress, done/],
    ["customer", ["customer"], "", /id of a customer/],
    ["hours", ["hours"], new Uint8Array(2), /plain data/],
    ["tags", ["tags", "x"], "yes", /true or false/],
    ["tags", ["tags"], true, /write its elements/],
    ["used", ["used"], 5, /takes no value of its own/],
    ["steps", ["steps", "i"], true, /fields of its items/],
    ["steps", ["steps", "i", "colour"], "red", /no field “colour”/],
    ["steps", ["steps", "i", "pos"], 7, /position is no text/],
    ["notes", ["notes"], "text", /takes no value of its own/],
    ["colour", ["colour"], "red", /no field “colour”/],
  ])("%s refuses %j = %j in words, and nothing of the change is kept", (_field, path, value, says) =>
    withDesks(({ ours, commit }) => {
      const put = (to: readonly string[], what: unknown): Edit => ({
        kind: "put",
        collection: THING,
        record: RECORD,
        path: to,
        value: what as never,
      });
      expect(() => commit(ours, [put(["name"], "kept?"), put(path, value)])).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/invalid_value|unknown_field/), advice: expect.stringMatching(says) }),
      );
      expect(ours.store.row(RECORD)).toBeUndefined();
    }),
  );
});

describe("two desks at once", () => {
  const at = "at the same time";
  it.each<
    [
      what: string,
      before: Record<string, unknown>,
      ours: Record<string, unknown>,
      theirs: Record<string, unknown>,
      after: Record<string, unknown>,
    ]
  >([
    ["write different fields: both stand", {}, { name: "A" }, { level: 3 }, { name: "A", level: 3 }],
    ["write one field: the later stands", {}, { price: "1" }, { price: "2" }, { price: 200 }],
    ["put different elements into a set", { tags: "a" }, { tags: "+b" }, { tags: "+c,-a" }, { tags: ["b", "c"] }],
    ["count on", { used: 10 }, { used: "+5" }, { used: "-3" }, { used: 12 }],
    ["set a counter: both differences count", { used: 10 }, { used: 12 }, { used: 9 }, { used: 11 }],
    [
      "move an item and tick it: it is moved and ticked",
      { steps: "+a,+b,+c" },
      { steps: "c@1" },
      { steps: "tick c" },
      { steps: ["c", "a", "b"], done: "c" },
    ],
    ["move two items", { steps: "+a,+b,+c,+d" }, { steps: "d@1" }, { steps: "a@3" }, { steps: ["d", "b", "c", "a"] }],
    [
      "move one item to two places: it stands once, where it was moved last",
      { steps: "+a,+b,+c,+d" },
      { steps: "d@1" },
      { steps: "d@2" },
      { steps: ["a", "d", "b", "c"] },
    ],
    ["add items", { steps: "+a" }, { steps: "+x" }, { steps: "+y" }, { steps: ["a", "x", "y"] }],
    [
      "move an item and take it away: it is gone or stands as it was written last",
      { steps: "+a,+b" },
      { steps: "b@1" },
      { steps: "-b" },
      { steps: ["a"] },
    ],
    ["type into one text", { notes: "Gate. " }, { notes: "Dog. " }, { notes: "Bell. " }, { notes: "both" }],
  ])(`%s (${at})`, (_what, before, first, second, after) =>
    withDesks(({ ours, theirs, give, commit, meet, read }) => {
      give(ours, { name: "Thing", ...before });
      meet();
      const act = (desk: Desk, values: Readonly<Record<string, unknown>>): void => {
        if (values["steps"] !== "tick c") return give(desk, values);
        const items = read(desk, "steps") as readonly { readonly id: string; readonly label: string }[];
        const id = items.find(({ label }) => label === "c")?.id ?? expect.fail("no c");
        commit(desk, [{ kind: "put", collection: THING, record: RECORD, path: ["steps", id, "done"], value: true }]);
      };
      act(ours, first);
      act(theirs, second);
      meet();
      for (const desk of [ours, theirs]) {
        for (const [field, expected] of Object.entries(after)) {
          if (field === "done") {
            const items = read(desk, "steps") as readonly { readonly label: string; readonly done: unknown }[];
            expect(items.filter(({ done }) => done === true).map(({ label }) => label)).toEqual([expected]);
          } else if (field === "notes") expect(read(desk, "notes")).toMatch(/^Gate\. (Dog\. Bell\. |Bell\. Dog\. )$/);
          else expect(plain(read(desk, field))).toEqual(expected);
        }
      }
    }),
  );

  it("delete and edit a record: it stays with the edit, marked; deleted by who saw that, and restored whole", () =>
    withDesks(({ ours, theirs, give, commit, meet, read }) => {
      const remove: Edit = { kind: "delete", collection: THING, record: RECORD };
      give(ours, { name: "Thing", tags: "a", used: 2, steps: "+x", notes: "Gate." });
      meet();
      commit(ours, [remove]);
      give(theirs, { level: 5 });
      expect(ours.store.row(RECORD)).toBeUndefined();
      meet();
      for (const desk of [ours, theirs])
        expect(desk.store.row(RECORD)).toMatchObject({ name: "Thing", level: 5, used: 2, editedWhileDeleted: true });
      commit(theirs, [remove]);
      meet();
      expect([ours.store.row(RECORD), ours.store.countOf(THING, 9), theirs.store.rows([THING])]).toEqual([undefined, 0, []]);
      expect(ours.store.trash().map(({ id }): RecordId => id)).toEqual([RECORD]);
      commit(ours, [{ kind: "restore", collection: THING, record: RECORD }]);
      meet();
      for (const desk of [ours, theirs]) {
        expect(desk.store.row(RECORD)).toMatchObject({ name: "Thing", tags: ["a"], used: 2, deleted: false });
        expect([plain(read(desk, "steps")), read(desk, "notes")]).toEqual([["x"], "Gate."]);
        expect(desk.store.rows([THING]).map(({ id }) => id)).toEqual([RECORD]);
      }
    }));
});
