/**
 * `npm run soak`: the property and simulation suites, again and again with fresh seeds, for as long as asked. Stops at the first failure,
 * whose seed and replay command the suite itself has printed.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { runTool } from "./run.ts";

const usage = `npm run soak [-- --minutes N] [FILE...]
Repeats the property and simulation suites with fresh seeds for N minutes (10), or only the files named. Ends at the first failure.`;

const { values, positionals } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, help: { type: "boolean", short: "h" } },
  allowPositionals: true,
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error(`--minutes takes a number above 0, not ${values.minutes}\n${usage}`);
  process.exit(2);
}

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
