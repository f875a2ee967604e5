/** The commands about records of any collection: customers, sites, technicians, visits and what has no command of its own. */
import { type CollectionId, parseCollectionId, parseRecordId, type RecordId } from "../../shared/ids.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import { integerOption, unusable, type Words } from "./arguments.ts";
import { readAssignments } from "./assignments.ts";
import type { RequestCommand } from "./command.ts";
import { assigned, command, fieldsOf, listed, shown, written } from "./record-answers.ts";

const names = BUILT_IN_TYPES.map(({ collection }) => collection).join(", ");

const collectionAt = ({ positionals }: Words, at: number): CollectionId => {
  const id = parseCollectionId(positionals[at] ?? "");
  if (id === undefined || !BUILT_IN_TYPES.some(({ collection }) => collection === id))
    throw unusable(`There is no collection "${positionals[at]}". There are ${names}.`);
  return id;
};

const idAt = ({ positionals }: Words, at: number): RecordId => {
  const id = parseRecordId(positionals[at] ?? "");
  if (id === undefined) throw unusable(`"${positionals[at]}" is no record id.`);
  return id;
};

export const recordCommands: readonly RequestCommand[] = [
  command("record list", {
    need: "reading",
    synopsis: "COLLECTION [field=value]",
    about: `Lists records of a collection, or those whose field is (or, a set, holds) a value. Collections: ${names}.`,
    takes: [1, 2],
    options: [{ name: "limit", value: "N", about: "at most so many" }],
    prepare: (words) => {
      const collection = collectionAt(words, 0);
      const limit = integerOption(words, "limit", 1, 1_000_000);
      const [, field = "", value = ""] = /^([^=]+)=([\s\S]+)$/.exec(words.positionals[1] ?? "") ?? [];
      if (words.positionals.length === 2 && field === "") throw unusable(`"${words.positionals[1]}" is no field=value.`);
      return async (host) => {
        const records = await host.call("record.list", { collection, limit, ...(field === "" ? {} : { where: { field, value } }) });
        const columns = [
          ...fieldsOf(collection)
            .slice(0, 4)
            .map(({ id }) => id),
          "id",
        ];
        return listed(columns, records);
      };
    },
  }),
  command("record get", {
    need: "reading",
    synopsis: "ID",
    about: "Shows a record of any collection with its texts.",
    takes: [1, 1],
    prepare: (words) => {
      const record = idAt(words, 0);
      return async (host) => shown(await host.call("record.get", { record }));
    },
  }),
  command("record create", {
    synopsis: "COLLECTION field=value…",
    about: 'Makes a record: record create customer name="Meier GmbH" phones=030-123,030-124',
    takes: [2, 500],
    prepare: (words) => {
      const collection = collectionAt(words, 0);
      const values = assigned(words, 1, fieldsOf(collection));
      return written((host) => host.call("record.create", { collection, values }));
    },
  }),
  command("record set", {
    synopsis: "ID field=value…",
    about:
      "Changes fields. field= clears one; tags=+a,-b changes a set, tags=a,b replaces it; quantity=+2 counts on; checklist=+a,-b,c@1 adds, takes away and moves items.",
    takes: [2, 500],
    prepare: (words) => {
      const record = idAt(words, 0);
      // What kind each field has is known only when the record is; read without, all values go as they were typed.
      readAssignments(words.positionals.slice(1), []);
      return written(async (host) => {
        const { collection } = await host.call("record.get", { record });
        return host.call("record.set", { record, values: assigned(words, 1, fieldsOf(collection)) });
      });
    },
  }),
  command("record delete", {
    synopsis: "ID",
    about: "Deletes a record; it can be restored.",
    takes: [1, 1],
    prepare: (words) => {
      const record = idAt(words, 0);
      return written((host) => host.call("record.delete", { record }));
    },
  }),
  command("record restore", {
    synopsis: "ID",
    about: "Brings a deleted record back.",
    takes: [1, 1],
    prepare: (words) => {
      const record = idAt(words, 0);
      return written((host) => host.call("record.restore", { record }));
    },
  }),
];
