/**
 * The commands about the database as a whole: checking it, backing it up, restoring a backup, asking what was. Files are named from where
 * one stands.
 */
import type { Backup } from "../../shared/ipc/answers.ts";
import { fromHere } from "../host/standing.ts";
import { unusable } from "./arguments.ts";
import type { RequestCommand } from "./command.ts";
import { count, recordText, tableText } from "./print.ts";
import { requireOrder } from "./record-answers.ts";

/** Of what the contract takes as a time. */
const LONGEST_TIME = 40;

const instantText = (ms: number): string => new Date(ms).toISOString();

const backupText = ({ file, records, bytes, verified }: Backup): string =>
  `${file}\n${records ?? "?"} records, ${bytes} bytes, ${verified ? "opened and checked" : "NOT sound: see verify"}`;

/** Throws `bad_arguments` for no name at all, which would be the folder one stands in. */
const fileOf = ([file = ""]: readonly string[]): string => {
  if (file === "") throw unusable("No file was named.");
  return fromHere(file);
};

export const backupCommands: readonly RequestCommand[] = [
  {
    kind: "request",
    name: "as-of",
    need: "reading",
    synopsis: "TIME order get ID",
    about: 'Shows a work order as it was then, as far as the history goes back: as-of "2026-11-24 09:30" order get A-42. Changes nothing.',
    options: [],
    takes: [4, 4],
    prepare: ({ positionals: [time = "", ...command] }) => {
      const [what, verb, order = ""] = command;
      if (what !== "order" || verb !== "get")
        throw unusable(`Only "order get ID" can be asked of an earlier time, not "${command.join(" ")}".`);
      if (time.trim() === "" || time.length > LONGEST_TIME)
        throw unusable(`"${time}" is no time. Write 14:30, 2026-11-24 14:30 or 2026-11-24T14:30Z.`);
      requireOrder(order);
      return async (host) => {
        const past = await host.call("order.asOf", { order, at: time });
        return { json: past, text: recordText(past) };
      };
    },
  },
  {
    kind: "request",
    name: "verify",
    need: "reading",
    synopsis: "",
    about:
      "Checks the database: SQLite's own check, and the fingerprint and all else beside the cells worked out again. Ends with 1 if it differs.",
    options: [],
    takes: [0, 0],
    prepare: () => async (host) => {
      const found = await host.call("store.verify", {});
      const { ok, differences, fingerprint, recomputed, words, records } = found;
      const rows = differences.map(({ what, record, stored, recomputed: should }) => [what, record ?? "", stored, should]);
      const summary = `${words}\nfingerprint  ${fingerprint}\nrecomputed   ${recomputed}\nrecords      ${records}`;
      return {
        json: found,
        text: ok
          ? `sound        ${summary}`
          : `differs      ${summary}\n\n${tableText(["what", "record", "stored", "as the cells say"], rows)}`,
        ...(ok
          ? {}
          : {
              failure: `The database differs from its own cells in ${count(differences.length, "place")}. Make a backup, then restore the last sound one (command: restore); other desks bring back the rest.`,
            }),
      };
    },
  },
  {
    kind: "request",
    name: "backup",
    need: "reading",
    synopsis: "FILE",
    about: "Writes a backup to a new file, then opens and checks it. Work goes on meanwhile.",
    options: [],
    takes: [1, 1],
    prepare: ({ positionals }) => {
      const file = fileOf(positionals);
      return async (host) => {
        const backup = await host.call("backup.create", { file });
        return { json: backup, text: backupText(backup) };
      };
    },
  },
  {
    kind: "request",
    name: "backups",
    need: "store",
    synopsis: "",
    about: "Lists the backups that this desk makes each day or was asked for, the latest first.",
    options: [],
    takes: [0, 0],
    prepare: () => async (host, io) => {
      const list = await host.call("backup.list", {});
      if (list.problem !== null) io.say(`The last daily backup failed: ${list.problem}`);
      const rows = list.backups.map(({ at, kind, records, bytes, verified, file }) => [
        instantText(at),
        kind,
        String(records ?? "?"),
        String(bytes),
        verified ? "yes" : "NO",
        file,
      ]);
      return { json: list, text: tableText(["made", "kind", "records", "bytes", "checked", "file"], rows) };
    },
  },
  {
    kind: "request",
    name: "restore",
    need: "store",
    synopsis: "FILE",
    about:
      "Puts a backup in place of the database, which is kept beside it under a dated name. A running Switchyard starts again by itself; what other desks have comes back as they connect.",
    options: [],
    takes: [1, 1],
    prepare: ({ positionals }) => {
      const file = fileOf(positionals);
      return async (host) => {
        const restored = await host.call("backup.restore", { file });
        return {
          json: restored,
          text: `Restored the backup of ${instantText(restored.at)} with ${count(restored.records, "record")}.\nThe database before it is kept as ${restored.aside}`,
        };
      };
    },
  },
];
