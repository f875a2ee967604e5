/**
 * `npm run soak`: the property and simulation suites and the fault tests, again and again with fresh seeds, for as long as asked; the kill
 * tests in their long form. Stops at the first failure, whose seed and replay command the suite itself has printed.
 */
import process from "node:process";
import { readArguments, refuseArguments } from "./arguments.ts";
import { runTool } from "./run.ts";

/** Each kills its child at random points as often as KILLS says (`test/property/kills.ts`). */
const KILL_TESTS = ["store-crash", "store-restore", "store-migrate"];
/** A full disk, a read-only one, a file that another program holds. */
const FAULTS = ["test/integration/store-faults.test.ts", "test/integration/full-disk.test.ts"];

const usage = `npm run soak [-- --minutes N] [--kills N] [FILE...]
Repeats the property and simulation suites and the fault tests with fresh seeds for N minutes (10), or only the files named. Ends at the
first failure. A round that has begun is finished.
  --kills N   kill -9 at N random points in each of the ${KILL_TESTS.length} kill tests of a round (70): while a desk works, amid backups and
              restores, and amid migrations`;

const { values, positionals } = readArguments(usage, {
  options: { minutes: { type: "string", default: "10" }, kills: { type: "string", default: "70" } },
  allowPositionals: true,
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) refuseArguments(usage, `--minutes takes a number above 0, not ${values.minutes}`);
const kills = Number(values.kills);
if (!Number.isSafeInteger(kills) || kills < 1) refuseArguments(usage, `--kills takes a whole number above 0, not ${values.kills}`);

const endMs = performance.now() + minutes * 60_000;
const parts = positionals.length > 0 ? [positionals] : [["--project=property", "--project=simulation"], FAULTS];
const env = { ...process.env, KILLS: String(kills) };
let rounds = 0;
let status = 0;
while (status === 0 && performance.now() < endMs) {
  rounds += 1;
  console.log(`soak: round ${rounds}, ${Math.ceil((endMs - performance.now()) / 60_000)} minutes left`);
  for (const which of parts) {
    if (status === 0) status = await runTool("vitest", "vitest", ["run", "--reporter=dot", ...which], { env });
  }
}
const killed = positionals.length > 0 ? "" : `, at least ${rounds * KILL_TESTS.length * kills} kills in them`;
console.log(
  status === 0 ? `soak: ${rounds} rounds passed${killed}` : `soak: round ${rounds} failed; its seed and replay command are above`,
);
process.exitCode = status;
