/**
 * Rejoining: a whole copy takes the database's place while nobody has either open. First the old file acts as a peer of the copy, then
 * they change places by renames; the old one is kept aside. Each step can be done again, so a crash between two of them is finished at
 * the next start. Source: merge.md, "Purge and rejoin".
 */
import { existsSync, renameSync } from "node:fs";
import { holdLimit } from "../../shared/clock/hlc.ts";
import type { RecordCells, VersionVector } from "../../shared/crdt/types.ts";
import type { RecordId } from "../../shared/ids.ts";
import { returnOf } from "../../shared/protocol/rejoin.ts";
import type { Notebook, OpenOptions } from "./api.ts";
import { commonOf } from "./both-handles.ts";
import { copyOf, markOf, removeCopy, SIGNED, setMark } from "./copy.ts";
import { localGate, newGate } from "./gate.ts";
import { STATE } from "./image.ts";
import { mergeBatch, takeVector } from "./merge.ts";
import { openDatabase } from "./open.ts";
import { type Returning, writeReturning } from "./returning.ts";
import { Sweeper } from "./sweep.ts";
import { Connection } from "./transaction.ts";
import { RecordWriter } from "./writer.ts";

const BATCH_BYTES = 256 * 1024;
/** In the notebook, until it was told: what came of it. */
const REJOINED_NOTE = "rejoined";

/** Where the database goes; the name is new. */
export const asideOfRejoin = (file: string, stamp: string): string => {
  const aside = `${file}.before-copy-${stamp}`;
  let free = aside;
  for (let i = 2; existsSync(free); i++) free = `${aside}-${i}`;
  return free;
};

type Options = Pick<OpenOptions, "types" | "wall">;

/** Puts a copy that is whole in the database's place; one that is not goes. `aside`: where the database goes. Throws the store's AppErrors. */
export const carryOutRejoin = (file: string, aside: string, options: Options): void => {
  const mark = markOf(file);
  if (mark === undefined) return removeCopy(file);
  const merged = mark.merged ?? { returned: existsSync(file) ? mergeOld(file, mark.from, aside, options) : 0, aside };
  if (mark.merged === null) setMark(file, { ...mark, merged });
  for (const suffix of ["", "-wal", "-shm", ".token"]) {
    if (existsSync(`${file}${suffix}`) && !existsSync(`${merged.aside}${suffix}`))
      renameSync(`${file}${suffix}`, `${merged.aside}${suffix}`);
  }
  // The token stays the copy's own, so no new replica begins; without it one would, which is only a waste.
  if (existsSync(`${copyOf(file)}.token`)) renameSync(`${copyOf(file)}.token`, `${file}.token`);
  renameSync(copyOf(file), file);
};

/** The old file acts as a peer; how many records come back as new ones. */
const mergeOld = (file: string, from: string, aside: string, { types, wall }: Options): number => {
  const open = (path: string): Connection =>
    new Connection({
      db: openDatabase({ file: path, synchronous: "FULL", wall }).db,
      file: path,
      gate: localGate(newGate()),
      types,
      keepHistory: true,
    });
  const old = open(file);
  try {
    const copy = open(copyOf(file));
    try {
      const returned = mergeInto(copy, old, wall);
      copy.db.prepare("ATTACH ? AS present").run(file);
      copy.db
        .transaction(() => {
          const note = JSON.stringify({ from, returned, aside });
          copy.db.exec(`${SIGNED}
            DELETE FROM notebook;
            INSERT INTO notebook SELECT * FROM present.notebook;
            UPDATE state SET number = max(number, (SELECT number FROM present.state)), hlc = max(hlc, (SELECT hlc FROM present.state));
          `);
          copy.db
            .prepare("INSERT INTO notebook (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
            .run(REJOINED_NOTE, note);
        })
        .immediate();
      return returned;
    } finally {
      copy.close();
    }
  } finally {
    old.close();
  }
};

const mergeInto = (copy: Connection, old: Connection, wall: Options["wall"]): number => {
  const sweeper = new Sweeper(old);
  const { vector, purging, replica } = commonOf(old);
  const base = commonOf(copy).vector();
  const limit = holdLimit(wall());
  const returning: Returning[] = [];
  let cursor: RecordId | null = null;
  do {
    const batch = sweeper.sweep(base, cursor, BATCH_BYTES);
    const merging: RecordCells[] = [];
    for (const sent of batch.records) {
      switch (whatReturns(copy, old, sent.record, base)) {
        case "merge":
          merging.push(sent);
          break;
        case "merge-whole":
          merging.push(...sweeper.whole([sent.record]));
          break;
        case "new-record":
          returning.push({ old: sent.record, collection: sent.collection, cells: joinedCells(old, sent.record) });
          break;
        case "nothing":
          break;
      }
    }
    // Together: each transaction of this file waits for the disk.
    mergeBatch(copy, merging, limit);
    cursor = batch.cursor;
  } while (cursor !== null);
  writeReturning(copy, returning, replica, wall);
  takeVector(copy, vector(), purging.vector());
  return returning.length;
};

const whatReturns = (copy: Connection, old: Connection, record: RecordId, base: VersionVector): ReturnType<typeof returnOf> =>
  old.view((tx) => {
    const writer = RecordWriter.find(tx, record);
    if (writer === undefined) return "nothing";
    const isThere = copy.read(() => copy.sql.recordById.get(record)) !== undefined;
    return returnOf({ creation: writer.stampAt(0), isDeleted: writer.image.state === STATE.deleted }, base, isThere);
  });

const joinedCells = (old: Connection, record: RecordId): Returning["cells"] =>
  old.view((tx) => {
    const writer = RecordWriter.find(tx, record);
    return writer === undefined ? [] : writer.held.joined(writer.cells());
  });

/** What a rejoin that was carried out since the last start came to; told once. */
export const takeRejoinedNote = (
  notebook: Notebook,
): { readonly from: string; readonly returned: number; readonly aside: string } | undefined => {
  const note = notebook.get(REJOINED_NOTE);
  if (note === undefined) return undefined;
  notebook.set(REJOINED_NOTE, undefined);
  const { from, returned, aside }: Record<string, unknown> = JSON.parse(note);
  return typeof from === "string" && typeof returned === "number" && typeof aside === "string" ? { from, returned, aside } : undefined;
};
