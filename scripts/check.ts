/**
 * `npm run check`: types, lint, format and unused code, each named as it runs. All run even if one objects; any objection fails the check.
 */
import process from "node:process";
import { readArguments } from "./arguments.ts";
import { runTool } from "./run.ts";

const usage = `npm run check [-- --fix]
Types (tsc), lint with types (oxlint), format and order of imports (biome), unused code (knip).
  --fix   let oxlint and biome mend what they can mend safely`;

const { values } = readArguments(usage, { options: { fix: { type: "boolean" } } });

const steps: readonly {
  readonly name: string;
  readonly packageName: string;
  readonly command: string;
  readonly args: readonly string[];
}[] = [
  { name: "types", packageName: "typescript", command: "tsc", args: ["-b"] },
  { name: "lint", packageName: "oxlint", command: "oxlint", args: values.fix ? ["--fix"] : [] },
  {
    name: "format",
    packageName: "@biomejs/biome",
    command: "biome",
    args: ["check", "--max-diagnostics=50", ...(values.fix ? ["--write"] : [])],
  },
  { name: "unused code", packageName: "knip", command: "knip", args: ["--no-progress"] },
];

const objected: string[] = [];
for (const { name, packageName, command, args } of steps) {
  const startedMs = performance.now();
  console.log(`check: ${name} (${command} ${args.join(" ")})`.replace(" )", ")"));
  const status = await runTool(packageName, command, args);
  console.log(`check: ${name} ${status === 0 ? "passed" : "FAILED"} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  if (status !== 0) objected.push(name);
}
console.log(objected.length === 0 ? "check: all passed" : `check: ${objected.join(", ")} failed`);
process.exitCode = objected.length === 0 ? 0 : 1;
