/**
 * What the commands about records share, whichever they are: how they are declared, the `field=value` words that they must have, and
 * what they answer: the record as it stands after a change with the hints beside it, or records as a table.
 */
import type { RecordData, Written } from "../../shared/ipc/answers.ts";
import type { Host } from "../../shared/ipc/contract.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import type { FieldDef } from "../../shared/schema/types.ts";
import { unusable, type Words } from "./arguments.ts";
import { readAssignments, type Values } from "./assignments.ts";
import type { Action, Answer, RequestCommand } from "./command.ts";
import { recordText, tableText, valueText } from "./print.ts";

const LONGEST_ORDER = 64;

type Part = Pick<RequestCommand, "synopsis" | "about" | "takes" | "prepare"> & Partial<Pick<RequestCommand, "options" | "need">>;

/** A command that asks one request of a host with a store. */
export const command = (name: string, part: Part): RequestCommand => ({ kind: "request", need: "store", options: [], name, ...part });

/** Those of a built-in collection; none of any other. */
export const fieldsOf = (collection: string): readonly FieldDef[] =>
  BUILT_IN_TYPES.find((type) => type.collection === collection)?.fields ?? [];

/** The values after the first `skipped` words. Throws `bad_arguments` where there are none. */
export const assigned = ({ positionals }: Words, skipped: number, fields: readonly FieldDef[]): Values => {
  const values = readAssignments(positionals.slice(skipped), fields);
  if (Object.keys(values).length === 0) throw unusable("No field=value was given.");
  return values;
};

/** What the contract takes as an order's id or number. Throws `bad_arguments` for what can be neither. */
export const requireOrder = (typed: string): string => {
  if (typed.trim() === "" || typed.trim().length > LONGEST_ORDER)
    throw unusable(`"${typed}" is no work order. Give its number, like A-42, or its record id.`);
  return typed;
};

/** A record with its texts. */
export const shown = (record: RecordData): Answer => ({ json: record, text: recordText(record) });

/** A change: the record as it stands after it, and the hints beside it. */
export const written =
  (ask: (host: Host) => Promise<Written>): Action =>
  async (host, io) => {
    const { record, hints } = await ask(host);
    for (const hint of hints) io.say(`note: ${hint.text}`);
    return shown(record);
  };

/** Records as a table of these fields. */
export const listed = (columns: readonly string[], records: readonly RecordData[]): Answer => ({
  json: records,
  text: tableText(
    columns,
    records.map((record) => columns.map((column) => valueText(record[column]))),
  ),
});
