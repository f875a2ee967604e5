/** All commands, how typed words find theirs, and the help of each and of all. */
import { AppError } from "../../shared/errors.ts";
import type { Words } from "./arguments.ts";
import { backupCommands } from "./backup-commands.ts";
import type { Command } from "./command.ts";
import { deskCommands } from "./desk-commands.ts";
import { hubCommand } from "./hub-command.ts";
import { importCommand } from "./import-command.ts";
import { orderCommands } from "./order-commands.ts";
import { purgeCommand } from "./purge-command.ts";
import { recordCommands } from "./record-commands.ts";

const commands: readonly Command[] = [
  hubCommand,
  ...deskCommands,
  ...orderCommands,
  ...recordCommands,
  importCommand,
  purgeCommand,
  ...backupCommands,
];

export interface FoundCommand {
  readonly command: Command;
  /** Without the command's own name. */
  readonly words: Words;
}

/** The command that the first word or two name. Throws `unknown_command`, `bad_arguments` for an option that is not its own. */
export const findCommand = ({ positionals, options }: Words): FoundCommand => {
  const command = commands.find(({ name }) => name === positionals.slice(0, name.split(" ").length).join(" "));
  if (command === undefined) {
    const [first = "", second = ""] = positionals;
    throw new AppError("unknown_command", `There is no command "${isGroup(first) ? `${first} ${second}`.trim() : first}". See --help.`);
  }
  for (const name of options.keys())
    if (name !== "profile" && name !== "json" && name !== "help" && !command.options.some((option) => option.name === name))
      throw new AppError("bad_arguments", `The command "${command.name}" takes no option --${name}. See ${command.name} --help.`);
  return { command, words: { positionals: positionals.slice(command.name.split(" ").length), options } };
};

/** Throws `bad_arguments` when too few or too many words follow the command's name. */
export const checkCount = ({ command: { name, takes, synopsis }, words: { positionals } }: FoundCommand): void => {
  if (positionals.length < takes[0]) throw new AppError("bad_arguments", `Something is missing: ${name} ${synopsis}`);
  if (positionals.length > takes[1])
    throw new AppError("bad_arguments", `"${positionals[takes[1]]}" is one word too many: ${`${name} ${synopsis}`.trim()}`);
};

const general: Command["options"] = [
  { name: "profile", value: "X", about: "a profile's name, or its folder if there is a path separator in it" },
  { name: "json", about: "prints JSON and nothing else on standard output" },
];

const optionLines = (options: Command["options"]): readonly string[] =>
  options.map(({ name, value, about }) => `  ${`--${name}${value === undefined ? "" : ` ${value}`}`.padEnd(22)} ${about}`);

export const commandHelp = ({ name, synopsis, about, options }: Command): string =>
  [
    `Usage: npm run cli -- [--profile X] ${`${name} ${synopsis}`.trim()} [options]`,
    "",
    about,
    "",
    "Options:",
    ...optionLines([...options, ...general]),
  ].join("\n");

/** Whether commands begin with this word: `order`. */
export const isGroup = (word: string): boolean => commands.some(({ name }) => name.startsWith(`${word} `));

/** Of all commands, or of those that begin with a word. */
export const generalHelp = (group?: string): string =>
  [
    "Usage: npm run cli -- [--profile X] COMMAND [--json]",
    "",
    "Speaks to the running Switchyard of the profile, or opens its database itself. Exit status: 0 done, 2 unusable arguments, 1 otherwise.",
    "",
    "Commands (each has --help):",
    ...commands
      .filter(({ name }) => group === undefined || name.startsWith(`${group} `))
      .map(({ name, synopsis, about }) => `  ${`${name} ${synopsis}`.padEnd(30)} ${about.split(/[.:;] /)[0]?.replace(/\.$/, "") ?? ""}`),
    "",
    "Options of every command:",
    ...optionLines(general),
  ].join("\n");
