/**
 * The command line's words: which are options, which are the command and what it is about. `--name` is an option, `--name=value`
 * too, `-h` is help; anything else is taken as it stands (a note may begin with a dash), and all is after `--`.
 */
import { AppError } from "../../shared/errors.ts";

/** Every option of every command; a command names those it takes. */
const OPTIONS = {
  profile: "value",
  json: "flag",
  help: "flag",
  port: "value",
  "no-mdns": "flag",
  demo: "flag",
  role: "value",
  long: "flag",
  address: "value",
  status: "value",
  limit: "value",
  at: "value",
  minutes: "value",
  type: "value",
  map: "value",
  "dry-run": "flag",
  days: "value",
  without: "value",
} as const;
export type OptionName = keyof typeof OPTIONS;

export interface Words {
  readonly positionals: readonly string[];
  /** Flags are the empty text. */
  readonly options: ReadonlyMap<OptionName, string>;
}

/** An error whose exit status is 2: the arguments can't be used as they are. */
export const unusable = (message: string): AppError => new AppError("bad_arguments", message);

const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

/** Throws `bad_arguments`. */
export const readWords = (words: readonly string[]): Words => {
  const positionals: string[] = [];
  const options = new Map<OptionName, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return { positionals: [...positionals, ...words.slice(at + 1)], options };
    if (word === "-h") options.set("help", "");
    else if (!word.startsWith("--")) positionals.push(word);
    else {
      const [, name = "", inline] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
      if (!isOption(name)) throw unusable(`There is no option --${name}. See --help.`);
      if (options.has(name)) throw unusable(`The option --${name} was given twice.`);
      if (OPTIONS[name] === "flag") {
        if (inline !== undefined) throw unusable(`The option --${name} takes no value.`);
        options.set(name, "");
      } else {
        const value = inline ?? words[++at];
        if (value === undefined || value === "") throw unusable(`The option --${name} needs a value.`);
        options.set(name, value);
      }
    }
  }
  return { positionals, options };
};

/** An integer option within bounds; undefined when it was not given. Throws `bad_arguments`. */
export const integerOption = ({ options }: Words, name: OptionName, min: number, max: number): number | undefined => {
  const given = options.get(name);
  if (given === undefined) return undefined;
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < min || value > max)
    throw unusable(`--${name} takes a whole number from ${min} to ${max}, not "${given}".`);
  return value;
};

/** An option with a fixed list of values. Throws `bad_arguments`. */
export const choiceOption = <Choice extends string>(
  { options }: Words,
  name: OptionName,
  choices: readonly Choice[],
): Choice | undefined => {
  const given = options.get(name);
  if (given === undefined) return undefined;
  const choice = choices.find((one) => one === given);
  if (choice === undefined) throw unusable(`--${name} takes one of ${choices.join(", ")}, not "${given}".`);
  return choice;
};
