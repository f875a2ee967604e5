/**
 * `npm run test:e2e`: the journeys in a real Electron and in Chromium. Where the current Electron can't be had it prepares the stand-in runtime,
 * if that lies beside the repository.
 */
import process from "node:process";
import { answerHelp, refuseArguments } from "./arguments.ts";
import { closingLine, succeeded } from "./counts.ts";
import { obtainElectron, prepareStandIn } from "./electron-path.ts";
import { attempt, journeys } from "./suites.ts";

const usage = `npm run test:e2e [-- [--project electron|chromium] [FILE...] [--grep TEXT] [--any-option-of-playwright]]
Builds the board if that is due and drives it in Electron and in Chromium. Screenshots and traces go to .artifacts/.`;

const say = (line: string): void => console.log(`test: ${line}`);

/** Takes `--project X` and `--project=X` out of the arguments; the rest is Playwright's. */
const split = (args: readonly string[]): { readonly projects: readonly string[]; readonly rest: readonly string[] } => {
  const [first, second, ...others] = args;
  if (first === undefined) return { projects: [], rest: [] };
  if (first === "--project" && second !== undefined) {
    const after = split(others);
    return { projects: [second, ...after.projects], rest: after.rest };
  }
  const after = split(args.slice(1));
  if (first.startsWith("--project=")) return { projects: [first.slice("--project=".length), ...after.projects], rest: after.rest };
  return { projects: after.projects, rest: [first, ...after.rest] };
};

const args = process.argv.slice(2);
answerHelp(usage);
const { projects, rest } = split(args);
const isProject = (name: string) => name === "electron" || name === "chromium";
const wanted = projects.length === 0 ? (["electron", "chromium"] as const) : projects.filter(isProject);
if (wanted.length === 0 || wanted.length < projects.length) refuseArguments(usage, `unknown project among: ${projects.join(", ")}`);
const electron = () => obtainElectron(say) ?? prepareStandIn(say);
const counts = await attempt(() => journeys({ projects: wanted, electron, args: rest }, say), say);
console.log(closingLine(counts));
process.exitCode = succeeded(counts) ? 0 : 1;
