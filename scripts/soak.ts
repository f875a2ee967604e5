/**
 * `npm run soak`: the property and simulation suites, again and again with fresh seeds, for as long as asked. Stops at the first failure,
 * whose seed and replay command the suite itself has printed.
 */
import process from "node:process";
import { readArguments, refuseArguments } from "./arguments.ts";
import { runTool } from "./run.ts";

const usage = `npm run soak [-- --minutes N] [FILE...]
Repeats the property and simulation suites with fresh seeds for N minutes (10), or only the files named. Ends at the first failure.`;

const { values, positionals } = readArguments(usage, {
  options: { minutes: { type: "string", default: "10" } },
  allowPositionals: true,
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) refuseArguments(usage, `--minutes takes a number above 0, not ${values.minutes}`);

const endMs = performance.now() + minutes * 60_000;
const which = positionals.length > 0 ? positionals : ["--project=property", "--project=simulation"];
let rounds = 0;
let status = 0;
while (status === 0 && performance.now() < endMs) {
  rounds += 1;
  console.log(`soak: round ${rounds}, ${Math.ceil((endMs - performance.now()) / 60_000)} minutes left`);
  status = await runTool("vitest", "vitest", ["run", "--reporter=dot", ...which]);
}
console.log(status === 0 ? `soak: ${rounds} rounds passed` : `soak: round ${rounds} failed; its seed and replay command are above`);
process.exitCode = status;
