/**
 * Set-up of the property suite: a random test that fails prints the command that plays it again, and SEED gives it that seed, as it does
 * in the simulations.
 */
import path from "node:path";
import process from "node:process";
import fc from "fast-check";
import { expect } from "vitest";
import { KILLS } from "./kills.ts";

const asked = process.env["SEED"];

/** The command that runs the present test with a seed. */
const replayCommand = (seed: number): string => {
  const { testPath = "", currentTestName = "" } = expect.getState();
  const title = currentTestName.replaceAll(" > ", " ").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const kills = process.env[KILLS] === undefined ? "" : `${KILLS}=${process.env[KILLS]} `;
  return `${kills}SEED=${seed} npx vitest run ${path.relative(process.cwd(), testPath)} -t ${JSON.stringify(title)}`;
};

fc.configureGlobal({
  ...(asked === undefined ? {} : { seed: Number(asked) }),
  reporter: (details) => {
    if (!details.failed) return;
    throw new Error(`${fc.defaultReportMessage(details)}\nReplay: ${replayCommand(details.seed)}`, { cause: details.errorInstance });
  },
});
