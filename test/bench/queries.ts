/**
 * The questions a board asks of 100,000 records: by status, by time window, by words. Beside plain tables with an index on the column, or
 * an FTS5 table of the same texts; each answer is held against the records themselves. The time is of the slowest but one in twenty.
 */
import Database from "better-sqlite3";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import { wordsOf } from "../../main/store/search-words.ts";
import { hlcAt, holdLimit } from "../../shared/clock/hlc.ts";
import { type EpochMs, parseCollectionId, parseEpochMs, type RecordId } from "../../shared/ids.ts";
import type { TypeDef } from "../../shared/schema/types.ts";
import { replicaOf } from "./merges.ts";
import { type Measured, percentile, timed, verify } from "./metric.ts";
import { idOf, storeOptions } from "./orders.ts";

const HELD = 100_000;
const ASKED = 200;
const WARM = 20;
/** What is shown of an answer. */
const PAGE = 100;
const DAY = 86_400_000;

const JOBS = parseCollectionId("benchJob");
if (JOBS === undefined) throw new Error("no collection");
const TYPE: TypeDef = {
  collection: JOBS,
  name: "Bench job",
  fields: [
    { id: "title", name: "Title", kind: "string", searched: true },
    { id: "customer", name: "Customer", kind: "string", searched: true },
    { id: "status", name: "Status", kind: "string", indexed: true },
    { id: "plannedFrom", name: "Planned from", kind: "instant", indexed: true },
  ],
};

interface Job {
  readonly id: RecordId;
  readonly title: string;
  readonly customer: string;
  readonly status: string;
  readonly plannedFrom: number;
}

const WORK = ["Boiler", "Pump", "Radiator", "Küche", "Filter", "Meter", "Roof", "Alarm", "Lift", "Window"];
const WHAT = ["leaks", "replace", "inspect", "no heat", "is noisy", "second floor", "after storm", "yearly check"];
const BEGIN = ["Schn", "Mül", "Hof", "Wag", "Berg", "Lind", "Krä", "Stein", "Fisch", "Zimm", "Bau", "Rich", "Petr", "Kow", "Nov", "Sant"];
const MIDDLE = ["ei", "a", "o", "er", "in", "el", "ar", "u", "en", "ow", "il", "on"];
const END = ["der", "ler", "mann", "ner", "ski", "berger", "ler", "s", "sen", "ez", "itz", "hold", "meister", "feld", "ow", "ard"];
/** Nine in ten orders of an office are done; those a board shows are few. */
const STATUSES = ["new", "scheduled", "in_progress", "on_hold"];

const jobs = (start: number): readonly Job[] =>
  Array.from({ length: HELD }, (_, r) => {
    const name = `${BEGIN[r % 16]}${MIDDLE[(r >> 4) % 12]}${END[(r * 7 + (r >> 8)) % 16]}`;
    const title = `${WORK[(r * 3) % 10]} ${WHAT[(r * 5 + (r >> 3)) % 8]} A-${r}`;
    const status = r % 40 < 36 ? "done" : (STATUSES[r % 4] ?? "new");
    return {
      id: idOf(r),
      title,
      customer: `${name} ${END[(r * 11) % 16]}gasse ${r % 90}`,
      status,
      plannedFrom: start + ((r * 7919) % (365 * 24)) * 3_600_000,
    };
  });

const epoch = (ms: number): EpochMs => {
  const parsed = parseEpochMs(ms);
  if (parsed === undefined) throw new Error("no instant");
  return parsed;
};

const openBoth = (folder: string, all: readonly Job[]) => {
  const options = { ...storeOptions(folder, "ours", false), types: [TYPE] };
  const store = openStore(options);
  const worker = openReplicaStore(options);
  const replica = replicaOf(1);
  const now = epoch(Date.now());
  for (let from = 0; from < HELD; from += 500) {
    const batch = all.slice(from, from + 500).map(({ id, ...fields }, n) => {
      const stamp = { term: 0, hlc: hlcAt(now), replica, seq: from + n + 1 };
      return {
        record: id,
        collection: JOBS,
        whole: true,
        cells: Object.entries(fields).map(([field, value]) => ({ path: [field], value, stamp })),
      };
    });
    worker.mergeBatch(batch, holdLimit(now));
    worker.updateSearch(1000);
    if (from % 10_000 === 0) worker.checkpoint();
  }
  worker.checkpoint();
  const db = new Database(`${folder}/plain.db`);
  db.pragma("journal_mode = WAL");
  db.pragma("cache_size = -32000");
  db.exec(
    "CREATE TABLE jobs (num INTEGER PRIMARY KEY, id TEXT UNIQUE, title TEXT, customer TEXT, status TEXT, plannedFrom INTEGER) STRICT; CREATE INDEX status ON jobs (status); CREATE INDEX planned ON jobs (plannedFrom); CREATE VIRTUAL TABLE words USING fts5 (text, prefix = '2 3')",
  );
  const insert = db.prepare("INSERT INTO jobs (id, title, customer, status, plannedFrom) VALUES (?, ?, ?, ?, ?)");
  const words = db.prepare("INSERT INTO words (rowid, text) VALUES (?, ?)");
  db.transaction(() => {
    for (const { id, title, customer, status, plannedFrom } of all)
      words.run(insert.run(id, title, customer, status, plannedFrom).lastInsertRowid, wordsOf(`${title} ${customer}`).join(" "));
  })();
  db.pragma("wal_checkpoint(TRUNCATE)");
  return { store, worker, db };
};

type Both = ReturnType<typeof openBoth>;
interface Question {
  readonly ours: () => readonly RecordId[];
  readonly floor: () => void;
  /** Whether the answer is right and whole. */
  readonly isRight: (answer: readonly RecordId[]) => boolean;
}

const ask = (folder: string, questions: (both: Both, all: readonly Job[], start: number) => (n: number) => Question): Measured => {
  const start = Math.floor(Date.now() / DAY) * DAY;
  const all = jobs(start);
  const both = openBoth(folder, all);
  const question = questions(both, all, start);
  const ours: number[] = [];
  const floors: number[] = [];
  for (let n = 0; n < WARM + ASKED; n++) {
    const { ours: own, floor, isRight } = question(n);
    const floorTime = timed(floor) / 1000;
    let answer: readonly RecordId[] = [];
    const ourTime = timed(() => {
      answer = own();
      for (const id of answer.slice(0, PAGE)) both.store.row(id);
    });
    verify(answer.length > 0 && isRight(answer), `question ${n} is answered wrongly`);
    if (n < WARM) continue;
    ours.push(ourTime / 1000);
    floors.push(floorTime);
  }
  both.worker.close();
  both.store.close();
  both.db.close();
  return { value: percentile(ours, 0.95), floor: percentile(floors, 0.95) };
};

const isSame = (answer: readonly RecordId[], expected: readonly Job[]): boolean =>
  answer.length === expected.length && expected.every(({ id }, i, list) => (list.length < 50 || i % 37 === 0 ? answer.includes(id) : true));

/** All ids of a status that a board shows, and the first page of rows. */
export const measureStatusQuery = (folder: string): Measured =>
  ask(folder, ({ store, db }, all) => {
    const plain = db.prepare<[string]>("SELECT id, title, customer, status, plannedFrom FROM jobs WHERE status = ?");
    return (n) => {
      const status = STATUSES[n % STATUSES.length] ?? "new";
      return {
        ours: () => store.where(JOBS, "status", status),
        floor: () => void plain.all(status),
        isRight: (answer) =>
          isSame(
            answer,
            all.filter((job) => job.status === status),
          ),
      };
    };
  });

/** A day's records. */
export const measureWindowQuery = (folder: string): Measured =>
  ask(folder, ({ store, db }, all, start) => {
    const plain = db.prepare<[number, number]>("SELECT * FROM jobs WHERE plannedFrom >= ? AND plannedFrom < ? ORDER BY plannedFrom");
    return (n) => {
      const from = start + ((n * 17) % 365) * DAY;
      return {
        ours: () => store.between(JOBS, "plannedFrom", from, from + DAY),
        floor: () => void plain.all(from, from + DAY),
        isRight: (answer) =>
          isSame(
            answer,
            all.filter(({ plannedFrom }) => plannedFrom >= from && plannedFrom < from + DAY),
          ),
      };
    };
  });

/** Beginnings of words, two words at once, a number, and every fifth a name with two letters swapped. */
export const measureTextQuery = (folder: string): Measured =>
  ask(folder, ({ store, db }, all) => {
    const plain = db.prepare<[string]>(
      `SELECT j.* FROM words w JOIN jobs j ON j.num = w.rowid WHERE words MATCH ? ORDER BY w.rowid DESC LIMIT ${PAGE}`,
    );
    const texts = new Map(all.map(({ id, title, customer }) => [id, wordsOf(`${title} ${customer}`)]));
    return (n) => {
      const job = all[(n * 7907) % HELD];
      const name = job?.customer.split(" ")[0] ?? "";
      const work = job?.title.split(" ")[0] ?? "";
      const isSlip = n % 5 === 4;
      const asked =
        [
          name.slice(0, 3),
          `${work} ${name.slice(0, 4)}`,
          `A-${(n * 7907) % HELD}`,
          name,
          `${name.slice(0, 2)}${name[3]}${name[2]}${name.slice(4)}`,
        ][n % 5] ?? "";
      const words = wordsOf(isSlip ? name : asked);
      const begins = (text: readonly string[]): boolean =>
        words.every((word) => text.some((each) => (word.length === 1 ? each === word : each.startsWith(word))));
      return {
        ours: () => store.search(asked, [JOBS], PAGE).map(({ id }) => id),
        floor: () => void plain.all(words.map((word) => `"${word}"*`).join(" ")),
        isRight: (answer) =>
          isSlip
            ? answer.some((id) => begins(texts.get(id) ?? []))
            : answer.every((id) => begins(texts.get(id) ?? [])) &&
              answer.length >= Math.min(PAGE, [...texts.values()].filter((text) => begins(text)).length),
      };
    };
  });
