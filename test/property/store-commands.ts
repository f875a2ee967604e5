/**
 * The commands of the store's model test: every kind of edit, undo and redo, live changes with gaps and repeats, catch-ups that are cut,
 * held work that comes due, trims, searches, the past, backups, fresh copies, closing and opening. Each does it and says what must follow.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { backUp, verifyFile } from "../../main/store/backup.ts";
import { wordsOf } from "../../main/store/search-words.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { AppError } from "../../shared/errors.ts";
import type { RecordId } from "../../shared/ids.ts";
import { isListed, isOwned, keyOf, type Shown } from "./store-model.ts";
import { actionId, epochMs, ORDER, ORDER_TYPE, openDesk, updateOf } from "./store-rig.ts";
import { DESKS, isRefusal, plainRecords, RECORDS, type TestedDesk, type TestedWorld } from "./store-world.ts";

type Command = fc.Command<TestedWorld, TestedWorld>;

/** How often each command did something worth the name; the test asserts that the runs were not idle. */
export const tally = new Map<string, number>();
const note = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);

const desk = fc.nat({ max: DESKS - 1 });

/** A command on one desk: what it does, then the desk is held against its model. */
const command = (text: string, work: (world: TestedWorld, n: number) => TestedDesk | undefined): Command => ({
  check: () => true,
  run: (world) => work(world, world.tick())?.check(),
  toString: () => text,
});

const editOf = (record: RecordId, what: number, value: number, n: number): Edit => {
  const target = { collection: ORDER, record };
  const put = (...cell: string[]) => ({ ...target, kind: "put" as const, path: cell });
  switch (what) {
    case 0:
      return { ...put("title"), value: value === 0 ? null : `${WORDS[value % WORDS.length]} ${value}` };
    case 1:
      return { ...put("status"), value: ["new", "done", "held"][value % 3] ?? "new" };
    case 2:
      return { ...put("minutes"), value };
    case 3:
      return { ...put("tags", ["a", "b/ü", "c~1"][value % 3] ?? "a"), value: value < 4 };
    case 4:
      return { ...target, kind: "count", field: "used", by: value - 2 };
    case 5:
      return { ...put("steps", `i${value % 2}`, "pos"), value: value === 5 ? null : `a${value}` };
    case 6:
      return { ...put("steps", `i${value % 2}`, "label"), value: `step ${value}` };
    case 7:
      return { ...target, kind: "text", field: "notes", slot: value % 2, update: updateOf(`typed${n} `, n * 3 + 1) };
    case 8:
      return { ...put("extra"), value: { deep: [value, { $bytes: "x" }], 7: "seven" } };
    case 9:
      return { ...target, kind: "number", field: "number" };
    case 10:
      return { ...target, kind: "delete" };
    default:
      return { ...target, kind: "restore" };
  }
};

const idOf = (i: number): RecordId => {
  const id = RECORDS[i];
  if (id === undefined) throw new Error(`no record ${i}`);
  return id;
};
const WORDS = ["pump", "boiler", "Küche", "valve"];
const shownOf = (on: TestedDesk, records: readonly RecordId[]): ReadonlyMap<RecordId, Shown | undefined> =>
  new Map(records.map((record) => [record, on.model.shown(record)]));

interface Asked {
  readonly record: number;
  readonly what: number;
  readonly value: number;
}

const asked: fc.Arbitrary<Asked> = fc.record({ record: fc.nat({ max: 2 }), what: fc.nat({ max: 11 }), value: fc.nat({ max: 5 }) });

/** Commits; nothing is written where there is nothing to do, as a restore of what lives. */
const commitOn = (on: TestedDesk, wanted: readonly Asked[], n: number): void => {
  const edits = wanted.map(({ record, what, value }, i) => editOf(idOf(record), what, value, n * 5 + i));
  const records = [...new Set(edits.map(({ record }) => record))];
  const before = shownOf(on, records);
  const heldOnly = records.filter((record) => before.get(record) === undefined && on.model.has(record));
  try {
    const { change, records: written } = on.store.commit(edits, { action: actionId(`act-${n}`), label: `edit ${n}` });
    for (const edit of edits) {
      if (edit.kind !== "put") continue;
      const last = edits.findLast((one) => one.kind === "put" && one.record === edit.record && keyOf(one) === keyOf(edit));
      const cells = change.records.find(({ record }) => record === edit.record)?.cells ?? [];
      if (last === edit) expect(cells).toContainEqual({ path: edit.path, value: edit.value });
    }
    on.committed(change);
    on.undo.did(`edit ${n}`, before, shownOf(on, written), heldOnly);
    note("commit");
    for (const record of written) if (on.model.shown(record)?.deleted === true) note("delete");
  } catch (error) {
    if (!isRefusal(error)) throw error;
    note("refused");
  }
};

const commit = fc.record({ at: desk, edits: fc.array(asked, { minLength: 1, maxLength: 3 }) }).map(({ at, edits }) =>
  command(`commit(${at}, ${JSON.stringify(edits.map(({ record, what, value }) => [record, what, value]))})`, (world, n) => {
    const on = world.desk(at);
    commitOn(on, edits, n);
    return on;
  }),
);

/** One desk's edit goes to another, where the same field is written again, and that comes back. */
const contest = fc.record({ one: desk, other: desk, edit: asked, next: fc.nat({ max: 5 }) }).map(({ one, other, edit, next }) =>
  command(`contest(${one}, ${other}, ${JSON.stringify(edit)}, ${next})`, (world, n) => {
    const [first, second] = [world.desk(one), world.desk(other)];
    if (one === other) return undefined;
    commitOn(first, [edit], n);
    catchUp(first, second, 0);
    commitOn(second, [{ ...edit, value: next }], world.tick());
    catchUp(second, first, 0);
    second.check();
    return first;
  }),
);

/** Undo writes only over what we wrote, and deletes only what we wrote or what was deleted before. */
const takeBack = fc.record({ at: desk, kind: fc.constantFrom("undo" as const, "redo" as const) }).map(({ at, kind }) =>
  command(`${kind}(${at})`, (world, n) => {
    const on = world.desk(at);
    const { model } = on;
    const next = on.undo.next(kind);
    const outcome = on.store[kind]({ action: actionId(`${kind}-${n}`) });
    if (outcome.kind === "nothing") {
      on.undo.gone(kind);
      return on;
    }
    expect(outcome.label).toBe(next?.label);
    for (const { change } of outcome.committed) {
      for (const { record, cells } of change.records) {
        const standing = model.standing(record);
        const lists = standing.filter(({ path: [first] }) => first === "deleted").map(({ value }) => value);
        for (const { path: cellPath, value } of cells) {
          const cell = { path: cellPath, value, stamp: change.stamp };
          if (!isOwned(cell)) expect(model.at(record, cellPath)?.stamp.replica).toBe(model.replica);
          if (cellPath[0] !== "deleted") continue;
          for (const {
            path: [first],
            stamp,
          } of standing) {
            if (first === "deleted" || stamp.replica === model.replica) continue;
            expect(lists.some((list) => isListed(list, stamp))).toBe(true);
          }
        }
      }
      on.committed(change);
    }
    for (const { record } of outcome.kept) expect(next?.touched.has(record) === true || next?.trimmed === true).toBe(true);
    on.undo.took(kind, (record) => model.shown(record));
    note(outcome.kept.length > 0 ? "kept" : kind);
    return on;
  }),
);

/** The next change of `from` that `to` lacks, the one after it (a gap), or the one before it again. */
const live = fc.record({ from: desk, to: desk, skip: fc.integer({ min: -1, max: 1 }) }).map(({ from, to, skip }) =>
  command(`live(${from} → ${to}, ${skip})`, (world) => {
    const [sender, receiver] = [world.desk(from), world.desk(to)];
    const change = sender.log[(receiver.model.vector.get(sender.model.replica)?.seq ?? 0) + skip];
    if (from === to || change === undefined) return undefined;
    const limit = receiver.limit();
    const { kind } = receiver.worker.mergeLive(change, limit);
    const isKnown = skip < 0;
    const due = isKnown ? [] : receiver.model.due(limit);
    expect(kind).toBe(receiver.model.live(change, limit));
    receiver.merged([...due, ...(kind === "merged" ? change.records.map(({ record }) => record) : [])]);
    note(kind);
    return receiver;
  }),
);

/** A catch-up in small batches, each sent twice; with `batches` it is cut after that many. */
const sweep = fc.record({ from: desk, to: desk, batches: fc.nat({ max: 3 }) }).map(({ from, to, batches }) =>
  command(`sweep(${from} → ${to}, ${batches})`, (world) => {
    const [sender, receiver] = [world.desk(from), world.desk(to)];
    if (from === to) return undefined;
    catchUp(sender, receiver, batches);
    note("sweep");
    return receiver;
  }),
);

const catchUp = (sender: TestedDesk, receiver: TestedDesk, batches: number): void => {
  const limit = receiver.limit();
  const vector = sender.worker.vector();
  const base = receiver.worker.vector();
  const expected = sender.model.beyond(base, RECORDS);
  const sent: (typeof expected)[number][] = [];
  let cursor: RecordId | null = null;
  for (let n = 1; ; n++) {
    const batch = sender.worker.sweep(base, cursor, 200);
    sent.push(...batch.records);
    const missing = batch.records.filter(({ record, whole }) => !whole && !receiver.model.has(record)).map(({ record }) => record);
    const outcome = receiver.worker.mergeBatch(batch.records, limit);
    expect(outcome.missing).toEqual(missing);
    const whole = sender.worker.whole(missing);
    receiver.worker.mergeBatch(whole, limit);
    expect(receiver.worker.mergeBatch(batch.records, limit)).toMatchObject({ records: [], missing: [], held: 0 });
    // What is due is merged before anything else, so with nothing else it waits.
    const touched = new Set(batch.records.length > 0 ? receiver.model.due(limit) : []);
    for (const { record, cells } of [...batch.records.filter((one) => !missing.includes(one.record)), ...whole]) {
      for (const cell of cells) receiver.model.add(record, cell, limit);
      touched.add(record);
    }
    receiver.merged(touched);
    cursor = batch.cursor;
    if (cursor === null || (batches > 0 && n >= batches)) break;
  }
  expect(plainRecords(sent)).toEqual(plainRecords(expected.slice(0, sent.length)));
  if (cursor !== null) return;
  expect(sent.length).toBe(expected.length);
  receiver.worker.takeVector(vector);
  receiver.model.take(vector);
};

const time = fc.record({ at: desk, ms: fc.constantFrom(1, 1000, 400_000, 90_000_000) }).map(({ at, ms }) =>
  command(`time(${at}, ${ms})`, (world) => {
    world.world.now += ms;
    const on = world.desk(at);
    const due = on.model.due(on.limit());
    expect([...on.worker.mergeDue(on.limit())].toSorted()).toEqual([...due].toSorted());
    on.merged(due);
    if (due.length > 0) note("due");
    return on;
  }),
);

const reopen = desk.map((at) =>
  command(`reopen(${at})`, (world) => {
    world.desk(at).reopen();
    return world.desk(at);
  }),
);

const housekeeping = fc.record({ at: desk, ageMs: fc.constantFrom(0, 30, 1000), rows: fc.integer({ min: 1, max: 20 }) }).map((asked) =>
  command(`trim(${asked.at}, ${asked.ageMs}, ${asked.rows})`, (world) => {
    const on = world.desk(asked.at);
    const before = epochMs(on.model.latestMs() - asked.ageMs);
    const removed = on.worker.trimHistory({ before, maxBytes: Number.MAX_SAFE_INTEGER, rows: asked.rows });
    expect(removed).toBeLessThanOrEqual(asked.rows);
    on.worker.updateSearch(2);
    on.worker.checkpoint();
    if (removed === 0) return on;
    on.undo.trimmed();
    on.pastFrom = before;
    note("trim");
    return on;
  }),
);

/** Every live record whose searched fields have a word that begins so, and no other. */
const search = fc.record({ at: desk, word: fc.constantFrom("pump", "boil", "kuche", "valve", "typed", "typed1", "a", "b") }).map((asked) =>
  command(`search(${asked.at}, ${asked.word})`, (world) => {
    const on = world.desk(asked.at);
    const { store } = on;
    const hits = store.search(asked.word, [ORDER], 100).filter(({ exact }) => exact);
    const rows = store.rows([ORDER]).map(({ id }) => ({ id, shown: on.model.shown(id) }));
    const has = ({ shown }: (typeof rows)[number]): boolean =>
      wordsOf([shown?.title ?? "", ...(shown?.tags ?? []), shown?.notes ?? ""].join("\n")).some((word) =>
        asked.word.length === 1 ? word === asked.word : word.startsWith(asked.word),
      );
    const expected = rows.filter(has).map(({ id }) => id);
    expect(hits.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
    if (expected.length > 0) note("found");
    for (const tag of ["a", "b/ü"]) {
      const tagged = rows.filter(({ shown }) => shown?.tags.includes(tag)).map(({ id }) => id);
      expect([...store.where(ORDER, "tags", tag)].toSorted()).toEqual(tagged.toSorted());
    }
    const within = rows.filter(({ shown }) => typeof shown?.minutes === "number" && shown.minutes >= 1 && shown.minutes < 4);
    expect([...store.between(ORDER, "minutes", 1, 4)].toSorted()).toEqual(within.map(({ id }) => id).toSorted());
    return undefined;
  }),
);

/** Of records that nobody else wrote: exactly what was shown then. Of all: the present, asked for as such. */
const past = desk.map((at) =>
  command(`as-of(${at})`, (world) => {
    const on = world.desk(at);
    for (const record of RECORDS) {
      for (const [ms, shown] of on.model.isOwnOnly(record) ? (on.past.get(record) ?? []) : []) expectPast(on, record, ms, shown);
      const now = on.model.shown(record);
      if (now !== undefined && on.model.held(record).length === 0 && on.model.standing(record).every(({ stamp }) => stamp.term === 0))
        expectPast(on, record, on.model.latestMs(), now);
    }
    return undefined;
  }),
);

const expectPast = (on: TestedDesk, record: RecordId, ms: number, shown: Shown): void => {
  try {
    const row = on.store.asOf(epochMs(ms)).row(record);
    const unknown = ["notes", "editedWhileDeleted", ...(row?.unknown ?? [])];
    const known = Object.fromEntries(Object.entries(shown).filter(([field]) => !unknown.includes(field)));
    expect([record, ms, row]).toEqual([record, ms, expect.objectContaining(known)]);
    note("past");
  } catch (error) {
    if (!(error instanceof AppError && error.code === "before_history" && ms < on.pastFrom)) throw error;
  }
};

const backup = desk.map((at) =>
  command(`backup(${at})`, (world, n) => {
    const on = world.desk(at);
    const target = path.join(world.folder, `backup-${n}.db`);
    const work = { types: [ORDER_TYPE], wall: () => epochMs(world.world.now) };
    const facts = backUp(on.file, target, work);
    expect(facts).toMatchObject({ records: on.store.count(), differences: 0, fingerprint: on.store.fingerprint() });
    expect(verifyFile(target, work).differences).toEqual([]);
    const copy = openDesk(world.folder, `backup-${n}`, world.world);
    try {
      expect(copy.store.replica).not.toBe(on.store.replica);
      expect(copy.store.fingerprint()).toBe(on.store.fingerprint());
      for (const record of RECORDS) expect(copy.store.row(record, { deleted: true })).toEqual(on.store.row(record, { deleted: true }));
      expect(copy.store.undo({ action: actionId("u") }).kind).toBe("nothing");
    } finally {
      copy.close();
      for (const suffix of ["", "-wal", "-shm", ".token"]) rmSync(`${target}${suffix}`, { force: true });
    }
    return undefined;
  }),
);

/** A new desk that takes all from one. */
const freshCopy = desk.map((at) =>
  command(`copy(${at})`, (world, n) => {
    const on = world.desk(at);
    const copy = openDesk(world.folder, `copy-${n}`, world.world);
    try {
      const base = copy.worker.vector();
      for (let cursor: RecordId | null | undefined; cursor !== null; ) {
        const batch = on.worker.sweep(base, cursor ?? null, 300);
        expect(copy.worker.mergeBatch(batch.records, on.limit()).missing).toEqual([]);
        cursor = batch.cursor;
      }
      copy.worker.takeVector(on.worker.vector());
      expect(copy.store.vector()).toEqual(on.store.vector());
      expect(copy.store.fingerprint()).toBe(on.store.fingerprint());
      expect(copy.store.verify().differences).toEqual([]);
    } finally {
      copy.close();
      for (const suffix of ["", "-wal", "-shm", ".token"]) rmSync(path.join(world.folder, `copy-${n}.db${suffix}`), { force: true });
    }
    return undefined;
  }),
);

/** Likelier ones stand more often. */
export const COMMANDS: readonly fc.Arbitrary<Command>[] = [
  ...[commit, commit, commit, commit, contest, contest, takeBack, takeBack, takeBack, live, live, sweep, sweep],
  ...[time, reopen, housekeeping, search, past, backup, freshCopy],
];

/** Everybody hears everything, then all held work comes due. */
export const settle = (world: TestedWorld): void => {
  for (let round = 0; round < 2; round++) {
    for (const sender of world.desks) for (const receiver of world.desks) if (sender !== receiver) catchUp(sender, receiver, 0);
  }
  world.world.now += 200_000_000;
  for (const on of world.desks) {
    const due = on.model.due(on.limit());
    if (due.length > 0) note("due");
    on.merged(due);
    on.worker.mergeDue(on.limit());
    on.check();
  }
};
