/** The commands about this desk: its state, undo, the trash, invitations and joining. */
import type { Undone } from "../../shared/ipc/answers.ts";
import type { Host } from "../../shared/ipc/contract.ts";
import { choiceOption, integerOption } from "./arguments.ts";
import { awaitCatchUp } from "./catch-up.ts";
import type { Answer, Io, RequestCommand } from "./command.ts";
import { count, tableText, valueText } from "./print.ts";

const undoneText = ({ undone, label, records, kept }: Undone, what: "undo" | "redo"): string => {
  if (!undone) return `There is nothing to ${what}.`;
  const none = what === "undo" ? "Nothing was taken back" : "Nothing was done again";
  if (records.length === 0 && kept.length === 0) return `${none}: ${label}\n  it was removed for good since`;
  const left = kept.map(({ number, record, field }) => `\n  left as it is, since it was written later: ${field} of ${number ?? record}`);
  const did = what === "undo" ? "Took back" : "Did again";
  return `${records.length === 0 ? none : did}: ${label}${left.join("")}`;
};

const undoAnswer = (undone: Undone, what: "undo" | "redo"): Answer => ({ json: undone, text: undoneText(undone, what) });

const instantText = (ms: number): string => new Date(ms).toISOString();

const joinText = async (host: Host, code: string, address: string | undefined, io: Io): Promise<Answer> => {
  io.say("looking for the desk that gave this invitation…");
  const joined = await host.call("desk.join", { code, address });
  return {
    json: joined,
    text: `Joined the workspace of ${joined.inviter}.`,
    after: () => awaitCatchUp(host, io),
  };
};

export const deskCommands: readonly RequestCommand[] = [
  {
    kind: "request",
    name: "status",
    need: "reading",
    synopsis: "",
    about: "Shows this desk: workspace, fingerprint, peers, changes that no other device has seen yet.",
    options: [],
    takes: [0, 0],
    prepare: () => async (host) => {
      const status = await host.call("desk.status", {});
      const peers = status.peers.map(({ name, connected }) => `${name}${connected ? "" : " (away)"}`);
      const lines = [
        `workspace    ${status.workspace ?? "none yet"}`,
        `device       ${status.device}`,
        `fingerprint  ${status.words}`,
        `records      ${status.records}`,
        `peers        ${peers.length === 0 ? "none" : peers.join(", ")}`,
        `unseen       ${count(status.unseen, "change")} not yet seen by another device`,
        ...(status.problem === null ? [] : [`problem      ${status.problem}`]),
        ...status.peers.flatMap(({ name, problem }) => (problem === null ? [] : [`problem      ${name}: ${problem}`])),
        ...(status.rejoining === null
          ? []
          : [`rejoining    was away so long that it takes a fresh copy from ${status.rejoining}; work goes on meanwhile`]),
        ...status.held.map(({ name, changes, until }) => `held         ${count(changes, "change")} of ${name} until ${instantText(until)}`),
      ];
      return { json: status, text: lines.join("\n") };
    },
  },
  {
    kind: "request",
    name: "invite",
    need: "running",
    synopsis: "",
    about: "Makes a one-time invitation for another device; whoever brings its code is admitted. Needs the running host.",
    options: [
      { name: "role", value: "ROLE", about: "admin, dispatcher or viewer (dispatcher if not given)" },
      { name: "long", about: "the form of the QR code, good for a day; always for an admin" },
    ],
    takes: [0, 0],
    prepare: (words) => {
      const role = choiceOption(words, "role", ["admin", "dispatcher", "viewer"]) ?? "dispatcher";
      const long = words.options.has("long") || role === "admin";
      return async (host) => {
        const invitation = await host.call("invite.create", { role, long });
        return { json: invitation, text: `${invitation.code}\nvalid until ${instantText(invitation.expires)}` };
      };
    },
  },
  {
    kind: "request",
    name: "join",
    need: "peers",
    synopsis: "CODE",
    about: "Joins the workspace that an invitation's code is for.",
    options: [{ name: "address", value: "HOST:PORT", about: "where the inviting desk is, if it is not found by itself" }],
    takes: [1, 1],
    prepare:
      ({ positionals: [code = ""], options }) =>
      (host, io) =>
        joinText(host, code, options.get("address"), io),
  },
  {
    kind: "request",
    name: "url",
    need: "running",
    synopsis: "",
    about: "Prints a fresh address of the board for a browser on this machine: it opens once, within a minute. Needs the running host.",
    options: [],
    takes: [0, 0],
    prepare: () => async (host) => {
      const answer = await host.call("host.url", {});
      return { json: answer, text: answer.url };
    },
  },
  {
    kind: "request",
    name: "undo",
    need: "store",
    synopsis: "",
    about: "Takes back this desk's latest action. What others wrote later stays, and is named.",
    options: [],
    takes: [0, 0],
    prepare: () => async (host) => undoAnswer(await host.call("undo", {}), "undo"),
  },
  {
    kind: "request",
    name: "redo",
    need: "store",
    synopsis: "",
    about: "Does again what was last taken back.",
    options: [],
    takes: [0, 0],
    prepare: () => async (host) => undoAnswer(await host.call("redo", {}), "redo"),
  },
  {
    kind: "request",
    name: "trash",
    need: "reading",
    synopsis: "",
    about: "Lists deleted records that can be restored, the latest first.",
    options: [],
    takes: [0, 0],
    prepare: () => async (host) => {
      const records = await host.call("trash.list", {});
      const rows = records.map((record) => [
        instantText(record.deletedAt),
        record.collection,
        valueText(record["number"]),
        valueText(record["title"] ?? record["name"] ?? record.id),
      ]);
      return { json: records, text: tableText(["deleted", "what", "number", "title"], rows) };
    },
  },
  {
    kind: "request",
    name: "history",
    need: "reading",
    synopsis: "ID",
    about: "Shows who changed what in a work order and its visits, or in another record, the latest first; deleted ones too.",
    options: [{ name: "limit", value: "N", about: "at most so many lines (100 if not given)" }],
    takes: [1, 1],
    prepare: (words) => {
      const limit = integerOption(words, "limit", 1, 1000) ?? 100;
      return async (host) => {
        const lines = await host.call("record.history", { record: words.positionals[0] ?? "", limit });
        const rows = lines.map((line) => [
          instantText(line.at),
          line.deviceName,
          line.visit === null ? line.field : `visit ${line.field}`,
          line.from === null && line.to === null ? "edited" : `${valueText(line.from)} → ${valueText(line.to)}${line.won ? "" : " (lost)"}`,
        ]);
        return { json: lines, text: tableText(["when", "where", "field", "change"], rows) };
      };
    },
  },
];
