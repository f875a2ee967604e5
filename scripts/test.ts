/**
 * `npm test`: every suite, its progress streamed; the last line is the sum over all of them. Succeeds only if something ran and nothing failed.
 */
import process from "node:process";
import { readArguments } from "./arguments.ts";
import { type Counts, closingLine, succeeded, sum } from "./counts.ts";
import { obtainElectron } from "./electron-path.ts";
import { attempt, journeys, nodeSuites } from "./suites.ts";

const usage = `npm test
Runs the unit, property, simulation and integration suites in Node, then the journeys in Electron and in Chromium.
What a suite lacks is named with the command that brings it; it counts as skipped, with CI set as failed.
For one suite or one file: npm run test:unit -- FILE, npm run test:e2e -- FILE.`;

readArguments(usage, {});

const say = (line: string): void => console.log(`test: ${line}`);
const counts: Counts[] = [];
say("unit, property, simulation and integration suites");
counts.push(await attempt(nodeSuites, say));
say(`so far ${closingLine(sum(counts))}`);
say("journeys in Electron and Chromium");
const both = { projects: ["electron", "chromium"], electron: () => obtainElectron(say), args: [] } as const;
counts.push(await attempt(() => journeys(both, say), say));
const all = sum(counts);
if (all.passed + all.failed === 0) say("no test ran, which is a failure");
console.log(closingLine(all));
process.exitCode = succeeded(all) ? 0 : 1;
