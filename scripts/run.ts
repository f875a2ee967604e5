/**
 * Starting other programs from the scripts: by the JavaScript behind a package's command, on the Node that runs us,
 * so that nothing depends on a shell, on PATH or on Windows' `.cmd` files. Output streams through; the exit status comes back.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The repository's root folder, without a separator at its end. */
export const root = path.resolve(fileURLToPath(new URL("..", import.meta.url)));

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Where the program's standard output goes; `stderr` keeps ours free for an answer. */
  readonly output?: "stdout" | "stderr";
}

/** Runs a program to its end, its output passed through. Resolves to its exit status, 1 if a signal ended it; rejects if it can't be started. */
export const run = (command: string, args: readonly string[], { env = process.env, output = "stdout" }: RunOptions = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["inherit", output === "stderr" ? 2 : "inherit", "inherit"] });
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });

/** The command line that starts a package's command: our own Node and the script that the package names in `bin`. */
export const toolCommand = (packageName: string, command: string = packageName): readonly [string, string] => {
  const folder = path.join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { readonly bin?: string | Record<string, string> };
  const script = typeof bin === "string" ? bin : bin?.[command];
  if (script === undefined) throw new Error(`package ${packageName} has no command ${command}`);
  return [process.execPath, path.join(folder, script)];
};

/** `run` for a package's command. */
export const runTool = (packageName: string, command: string, args: readonly string[], options: RunOptions = {}): Promise<number> => {
  const [node, script] = toolCommand(packageName, command);
  return run(node, [script, ...args], options);
};
