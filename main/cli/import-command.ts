/**
 * `import FILE`: the file goes to the host, which reads and checks it; without a map the host guesses one and it is said what was
 * guessed. Ctrl+C ends it after the change under way; what was imported stays, as one action that undo takes back.
 */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { AppError } from "../../shared/errors.ts";
import type { BadRow, Imported, ImportPreview, ImportProgress } from "../../shared/ipc/answers.ts";
import { fromHere } from "../host/standing.ts";
import { unusable, type Words } from "./arguments.ts";
import type { Action, Answer, Io, RequestCommand } from "./command.ts";
import { count } from "./print.ts";

const MAX_FILE_BYTES = 64 << 20;
const SHOWN_BAD_ROWS = 20;

const readFileToImport = (file: string): Uint8Array => {
  try {
    const { size } = statSync(file);
    if (size > MAX_FILE_BYTES) throw new AppError("file_too_large", `${file} is larger than 64 MiB. Split it and import the parts.`);
    return readFileSync(file);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("file_unreadable", `The file ${file} cannot be read. Check its name, and whether you may read it.`, { cause });
  }
};

/** The map file, with the collection of `--type` where it names none. Null without a map: guess one. Throws `bad_map`. */
const readMap = ({ options }: Words): Record<string, unknown> | null => {
  const named = options.get("map");
  const file = named === undefined ? undefined : fromHere(named);
  const type = options.get("type") ?? "workOrder";
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(type)) throw unusable(`--type takes a collection such as workOrder, not "${type}".`);
  if (file === undefined) {
    if (type !== "workOrder") throw unusable(`A file of ${type} needs a --map that says what its columns are.`);
    return null;
  }
  let map: unknown;
  try {
    map = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new AppError("bad_map", `The map file ${file} cannot be read as JSON.`, { cause });
  }
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw new AppError("bad_map", `The map file ${file} holds no object.`);
  return { type, ...map };
};

const badRowsText = (bad: readonly BadRow[]): string => {
  const lines = bad
    .slice(0, SHOWN_BAD_ROWS)
    .map(({ line, column, reason }) => `\n  line ${line}${column === "" ? "" : `, ${column}`}: ${reason}`);
  const more = bad.length > SHOWN_BAD_ROWS ? `\n  and ${bad.length - SHOWN_BAD_ROWS} more; --json lists them all` : "";
  return lines.join("") + more;
};

const dryAnswer = ({ rows, ready, bad, map, guessed }: ImportPreview): Answer => ({
  json: { rows, imported: 0, bad, action: null, ready, map, guessed },
  text: `${count(rows, "row")}: ${ready} would be imported, ${bad.length} bad.${badRowsText(bad)}`,
});

const doneAnswer = ({ rows, imported, bad, action, cancelled }: Imported): Answer => ({
  json: { rows, imported, bad, action, cancelled },
  text: `${cancelled ? "Stopped. " : ""}${count(rows, "row")}: ${imported} imported, ${bad.length} bad.${badRowsText(bad)}`,
});

/** A line for each tenth of the way, not for each change. */
const tellProgress = (io: Io): ((progress: ImportProgress) => void) => {
  let last = "";
  return ({ phase, done, total }) => {
    const step = `${phase} ${total === 0 ? 10 : Math.floor((done / total) * 10)}`;
    if (step !== last) io.say(`${phase}: ${done} of ${total}`);
    last = step;
  };
};

const importAction =
  (file: string, map: Record<string, unknown> | null, dryRun: boolean): Action =>
  async (host, io) => {
    const bytes = readFileToImport(file);
    const { token } = await host.call("import.upload", { name: path.basename(file), bytes });
    const told = tellProgress(io);
    const stopListening = host.on("import.progress", (progress) => {
      if (progress.token === token) told(progress);
    });
    const stopCancelling = io.onInterrupt(() => {
      io.say("stopping after the change under way…");
      // Its own failure shows in the import's answer.
      host.call("import.cancel", { token }).catch(() => undefined);
    });
    try {
      // The map is JSON as read; the host parses it.
      const preview = await host.call("import.check", { token, map: map as never });
      for (const line of preview.guessed) io.say(`guessed: ${line}`);
      if (dryRun) return dryAnswer(preview);
      return doneAnswer(await host.call("import.run", { token, map: preview.map as never }));
    } finally {
      stopListening();
      stopCancelling();
    }
  };

export const importCommand: RequestCommand = {
  kind: "request",
  name: "import",
  need: "store",
  synopsis: "FILE",
  about: "Imports a CSV file as one action that undo takes back; bad rows are named and left out.",
  options: [
    { name: "type", value: "COLLECTION", about: "what a row is (workOrder if not given)" },
    { name: "map", value: "MAP.json", about: "which column goes to which field; guessed if not given" },
    { name: "dry-run", about: "checks and tells, writes nothing" },
  ],
  takes: [1, 1],
  prepare: (words) => {
    const [file = ""] = words.positionals;
    if (file === "") throw unusable("No file was named.");
    return importAction(fromHere(file), readMap(words), words.options.has("dry-run"));
  },
};
