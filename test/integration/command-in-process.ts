/**
 * A command of the command line with all that it is but its process: words, command, the way to the work, answer as JSON, failure with its
 * status. Starting Node anew for each word costs a second; that a process does the same, the tests of `cli.test.ts` show.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { readWords } from "../../main/cli/arguments.ts";
import { checkCount, findCommand } from "../../main/cli/commands.ts";
import { failureOf } from "../../main/cli/failure.ts";
import { reach } from "../../main/cli/reach.ts";
import { entryFiles } from "../../main/host/entry-files.ts";
import { resolveProfile } from "../../main/host/profile.ts";
import type { Ran } from "./command-line.ts";

const entry = pathToFileURL(path.resolve(import.meta.dirname, "../../main/cli.ts")).href;

/** Runs one command to its end, as `--json` would answer it. */
export const cli = async (profile: string, ...typed: readonly string[]): Promise<Ran> => {
  const said: string[] = [];
  const ran = (status: number, json: unknown): Ran => ({ status, stdout: JSON.stringify(json), stderr: said.join("\n"), json });
  try {
    const found = findCommand(readWords(typed));
    checkCount(found);
    const { command, words } = found;
    if (command.kind === "host") throw new Error(`${command.name} is no command that answers`);
    const action = command.prepare(words);
    const reached = await reach(resolveProfile(profile), command.need, entryFiles(entry));
    try {
      const answer = await action(reached.host, { say: (line) => void said.push(line), onInterrupt: () => () => undefined });
      if (reached.inProcess) await answer.after?.();
      if (answer.failure !== undefined) said.push(answer.failure);
      return ran(answer.failure === undefined ? 0 : 1, JSON.parse(JSON.stringify(answer.json)));
    } finally {
      await reached.close();
    }
  } catch (error) {
    const { code, message, status } = failureOf(error);
    said.push(message);
    return ran(status, { error: { code, message } });
  }
};

/** Runs a command that must succeed; its answer. */
export const answer = async <Shape = Record<string, unknown>>(profile: string, ...words: readonly string[]): Promise<Shape> => {
  const ran = await cli(profile, ...words);
  if (ran.status !== 0) throw new Error(`${words.join(" ")}: exit ${ran.status}: ${ran.stderr}`);
  return ran.json as Shape;
};
