/**
 * One run of the command line from its words to its exit status. Standard output gets the answer alone; progress, hints and the
 * sentence of a failure go to standard error. Source: contracts.md, "Command line".
 */
import process from "node:process";
import type { EntryFiles } from "../host/entry-files.ts";
import { resolveProfile } from "../host/profile.ts";
import { readWords, unusable, type Words } from "./arguments.ts";
import type { Action, Io } from "./command.ts";
import { checkCount, commandHelp, findCommand, generalHelp, isGroup } from "./commands.ts";
import { failureOf } from "./failure.ts";
import { type Need, reach } from "./reach.ts";

const io: Io = {
  say: (line) => void process.stderr.write(`${line}\n`),
  onInterrupt: (listener) => {
    process.on("SIGINT", listener);
    return () => void process.off("SIGINT", listener);
  },
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Runs the words and sets the exit status; never throws. */
export const runCommandLine = async (words: readonly string[], files: EntryFiles): Promise<void> => {
  // Whoever reads us may have seen enough (`… | head`); that is no failure.
  process.stdout.on("error", () => undefined);
  // Told before the words are read, so that what is wrong with them is answered in the form that was asked for.
  const json = words.includes("--json");
  try {
    process.exitCode = await runWords(readWords(words), files);
  } catch (error) {
    const { code, message, status } = failureOf(error);
    if (json) print(JSON.stringify({ error: { code, message } }));
    io.say(message);
    process.exitCode = status;
  }
};

const runWords = async (typed: Words, files: EntryFiles): Promise<number> => {
  const wantsHelp = typed.options.has("help");
  if (typed.positionals.length === 0) {
    // Help is for people; a script gets the error as all others.
    if (!wantsHelp && typed.options.has("json")) throw unusable("There is no command. See --help.");
    if (wantsHelp) print(generalHelp());
    else io.say(generalHelp());
    return wantsHelp ? 0 : 2;
  }
  const [first = "", second] = typed.positionals;
  if (wantsHelp && second === undefined && isGroup(first)) {
    print(generalHelp(first));
    return 0;
  }
  const found = findCommand(typed);
  if (wantsHelp) {
    print(commandHelp(found.command));
    return 0;
  }
  checkCount(found);
  const { command, words } = found;
  const profile = resolveProfile(typed.options.get("profile"));
  if (command.kind === "host") await command.prepare(words)(profile, files, print);
  else return answerOnce(command.prepare(words), () => reach(profile, command.need satisfies Need, files), typed.options.has("json"));
  return 0;
};

const answerOnce = async (action: Action, open: () => ReturnType<typeof reach>, json: boolean): Promise<number> => {
  const { host, inProcess, close } = await open();
  try {
    const answer = await action(host, io);
    print(json ? JSON.stringify(answer.json) : answer.text);
    if (inProcess) await answer.after?.();
    if (answer.failure === undefined) return 0;
    io.say(answer.failure);
    return 1;
  } finally {
    await close();
  }
};
