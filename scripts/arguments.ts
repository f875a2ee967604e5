/**
 * A script's arguments: `--help` prints its usage and ends with 0; what the script does not know is said with the usage and ends with 2.
 */
import process from "node:process";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** Ends the process with the script's usage on standard output. */
export const answerHelp = (usage: string): void => {
  if (!process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) return;
  console.log(usage);
  process.exit(0);
};

/** Ends the process because its arguments are unusable. */
export const refuseArguments = (usage: string, why: string): never => {
  console.error(`${why}\n${usage}`);
  process.exit(2);
};

/** Parses the arguments strictly; does not return for `--help` or for an argument that is not among the options. */
export const readArguments = <Config extends ParseArgsConfig>(usage: string, config: Config): ReturnType<typeof parseArgs<Config>> => {
  answerHelp(usage);
  try {
    return parseArgs(config);
  } catch (error) {
    return refuseArguments(usage, error instanceof Error ? error.message : String(error));
  }
};
