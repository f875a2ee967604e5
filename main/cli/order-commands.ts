/** The commands about work orders and technicians: each is one request of the contract, and answers with the record. */
import { ORDER_STATUSES } from "../../shared/domain/status.ts";
import { choiceOption, integerOption, unusable, type Words } from "./arguments.ts";
import type { RequestCommand } from "./command.ts";
import { assigned, command, fieldsOf, listed, requireOrder, shown, written } from "./record-answers.ts";

const fields = fieldsOf("workOrder");

/** Of what the contract looks for, and of a technician's name. */
const LONGEST_TEXT = 200;
const LONGEST_TIME = 40;

const word = ({ positionals }: Words, at: number): string => positionals[at] ?? "";

/** The order that the first word names. */
const orderIn = (words: Words): string => requireOrder(word(words, 0));

/** An instant as milliseconds, or local time as typed, which the desk reads in the workspace's zone. */
const timeOption = ({ options }: Words): number | string | undefined => {
  const given = options.get("at");
  if (given !== undefined && given.length > LONGEST_TIME) throw unusable(`--at takes a time like "2026-11-24 09:30", not "${given}".`);
  return given !== undefined && /^\d{9,15}$/.test(given) ? Number(given) : given;
};

export const orderCommands: readonly RequestCommand[] = [
  command("order list", {
    need: "reading",
    synopsis: "",
    about: "Lists work orders.",
    takes: [0, 0],
    options: [
      { name: "status", value: "STATUS", about: `only those that are ${ORDER_STATUSES.join(", ")}` },
      { name: "limit", value: "N", about: "at most so many" },
    ],
    prepare: (words) => {
      const status = choiceOption(words, "status", ORDER_STATUSES);
      const limit = integerOption(words, "limit", 1, 1_000_000);
      return async (host) => listed(["number", "status", "priority", "title"], await host.call("order.list", { status, limit }));
    },
  }),
  command("order search", {
    need: "reading",
    synopsis: "TEXT",
    about:
      "Finds work orders by words of theirs, of their notes or of their customer; slips in names are forgiven. Also status:hold, @technician and on:today, tomorrow, week or 2026-11-24.",
    takes: [1, 20],
    options: [{ name: "limit", value: "N", about: "at most so many" }],
    prepare: (words) => {
      const text = words.positionals.join(" ").trim();
      if (text === "") throw unusable("There is nothing to look for.");
      if (text.length > LONGEST_TEXT) throw unusable(`At most ${LONGEST_TEXT} characters can be looked for, not ${text.length}.`);
      const limit = integerOption(words, "limit", 1, 1000);
      return async (host) => listed(["number", "status", "priority", "title"], await host.call("order.search", { text, limit }));
    },
  }),
  command("order get", {
    need: "reading",
    synopsis: "ID",
    about: "Shows a work order with its notes and visits. ID is a record id or an order number.",
    takes: [1, 1],
    prepare: (words) => {
      const order = orderIn(words);
      return async (host) => shown(await host.call("order.get", { order }));
    },
  }),
  command("order create", {
    synopsis: "field=value…",
    about: 'Makes a work order: order create title="Replace pump" tags=urgent,pumps',
    takes: [1, 500],
    prepare: (words) => {
      const values = assigned(words, 0, fields);
      return written((host) => host.call("order.create", { values }));
    },
  }),
  command("order set", {
    synopsis: "ID field=value…",
    about: "Changes fields of a work order. field= clears one; tags=+a,-b changes a set, tags=a,b replaces it.",
    takes: [2, 500],
    prepare: (words) => {
      const order = orderIn(words);
      const values = assigned(words, 1, fields);
      return written((host) => host.call("order.set", { order, values }));
    },
  }),
  command("order delete", {
    synopsis: "ID",
    about: "Deletes a work order; it can be restored.",
    takes: [1, 1],
    prepare: (words) => {
      const order = orderIn(words);
      return written((host) => host.call("order.delete", { order }));
    },
  }),
  command("order restore", {
    synopsis: "ID",
    about: "Brings a deleted work order back.",
    takes: [1, 1],
    prepare: (words) => {
      const order = orderIn(words);
      return written((host) => host.call("order.restore", { order }));
    },
  }),
  command("order note", {
    synopsis: "ID TEXT",
    about: "Adds a paragraph to a work order's notes.",
    takes: [2, 2],
    prepare: (words) => {
      const order = orderIn(words);
      const text = word(words, 1);
      if (text.trim() === "") throw unusable("The note is empty.");
      return written((host) => host.call("order.note", { order, text }));
    },
  }),
  command("order assign", {
    synopsis: "ID TECHNICIAN",
    about: "Gives a work order to a technician, by name or record id, as a visit.",
    takes: [2, 2],
    options: [
      { name: "at", value: "TIME", about: 'when it begins: "2026-11-24 09:30" in the workspace\'s time zone, or milliseconds since 1970' },
      { name: "minutes", value: "N", about: "how long it is planned to take" },
    ],
    prepare: (words) => {
      const order = orderIn(words);
      const technician = word(words, 1).trim();
      if (technician === "" || technician.length > LONGEST_TEXT)
        throw unusable(`"${word(words, 1)}" is no technician's name or record id.`);
      const minutes = integerOption(words, "minutes", 5, 14_400);
      const at = timeOption(words);
      // The contract's schema tells instants from typed times.
      return written((host) => host.call("order.assign", { order, technician, minutes, at } as never));
    },
  }),
  command("technician list", {
    need: "reading",
    synopsis: "",
    about: "Lists technicians.",
    takes: [0, 0],
    prepare: () => async (host) => listed(["name", "team", "territories", "id"], await host.call("technician.list", {})),
  }),
];
