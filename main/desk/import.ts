/**
 * Files into orders: a file is held under a token, checked as often as its map changes, and written as one action that undo
 * takes back. Reading and planning are in `main/import` and `shared/domain/import`; here they meet the store and the board.
 */
import { AppError } from "../../shared/errors.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { ImportFile, ImportProgress } from "../../shared/ipc/answers.ts";
import type { Caller, Handlers } from "../host/ports.ts";
import { knownRecords } from "../import/known-records.ts";
import { countRows, type PassOptions, prepare, previewOf, requireTitle } from "../import/passes.ts";
import { openTable } from "../import/table.ts";
import { type Writer, writeRows } from "../import/writing.ts";
import { commitMany } from "./batches.ts";
import type { DeskContext } from "./context.ts";
import type { Notes } from "./notes.ts";
import { editsOf } from "./writes.ts";

export interface Imports {
  readonly handlers: Pick<Handlers, "import.choose" | "import.upload" | "import.check" | "import.run" | "import.cancel">;
  close(): void;
}

/** Files held at a time; the one that was brought first is let go for another. */
const MAX_FILES = 4;

interface HeldFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** While it is being imported. */
  running?: AbortController;
}

export const createImports = (context: DeskContext, notes: Notes): Imports => {
  const { store, surroundings } = context.deps;
  const files = new Map<string, HeldFile>();

  const hold = async (name: string, bytes: Uint8Array): Promise<ImportFile> => {
    const table = openTable(bytes);
    const lines = await countRows(table);
    const token = context.newToken();
    files.set(token, { name, bytes });
    for (const [old, file] of files) if (files.size > MAX_FILES && file.running === undefined) files.delete(old);
    return { token, name, encoding: table.encoding, delimiter: table.delimiter, lines };
  };
  const held = (token: string): HeldFile => {
    const file = files.get(token);
    if (file === undefined) throw new AppError("no_such_file", "This file is no longer held here. Choose it again.");
    return file;
  };
  const pass = (
    token: string,
    map: unknown,
    phase: ImportProgress["phase"],
    newRecord: () => RecordId,
    signal?: AbortSignal,
  ): PassOptions => ({
    bytes: held(token).bytes,
    map,
    zone: context.zone(),
    known: knownRecords(store),
    newRecord,
    progress: (done, total) => context.emit("import.progress", { token, phase, done, total }),
    ...(signal === undefined ? {} : { signal }),
  });

  return {
    handlers: {
      "import.choose": async () => {
        const chosen = await surroundings.chooseFile();
        return chosen === null ? null : hold(chosen.name, chosen.bytes);
      },
      "import.upload": ({ name, bytes }) => hold(name, bytes),
      "import.check": async ({ token, map }, caller: Caller) => {
        // Nothing of a check is written, so one id does for all that would be made.
        const id = context.newRecord();
        const options = pass(token, map, "checking", () => id);
        const prepared = prepare(options);
        // On the board the person can still point a column at the title.
        if (caller === "command-line") requireTitle(prepared);
        return previewOf(prepared, options);
      },
      "import.run": async ({ token, map }) => {
        context.members.requireWriter();
        const file = held(token);
        if (file.running !== undefined) throw new AppError("import_running", `${file.name} is being imported already.`);
        const running = new AbortController();
        const options = pass(token, map, "writing", context.newRecord, running.signal);
        const prepared = prepare(options);
        requireTitle(prepared);
        const action = context.newAction();
        const writer: Writer = {
          editsOf: ({ collection, record, isNumbered, writes }) => [
            ...(isNumbered ? [{ collection, record, kind: "number" as const, field: "number" }] : []),
            ...editsOf({ collection, record }, writes, notes),
          ],
          commit: async (groups, durable) => {
            await commitMany(context, groups, { action, label: `Import ${file.name}`, signal: running.signal, progress: durable });
          },
        };
        const before = store.ownSeq();
        file.running = running;
        try {
          const { rows, imported, bad } = await writeRows(prepared, options, writer);
          return { rows, imported, bad, action: store.ownSeq() === before ? null : action, cancelled: running.signal.aborted };
        } finally {
          delete file.running;
        }
      },
      "import.cancel": ({ token }) => {
        files.get(token)?.running?.abort();
        return null;
      },
    },
    close: () => {
      for (const { running } of files.values()) running?.abort();
      files.clear();
    },
  };
};
