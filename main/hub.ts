/** Entry of the host without a window: the command `hub` of the command line, by itself. */
import process from "node:process";
import { runCommandLine } from "./cli/run.ts";
import { entryFiles } from "./host/entry-files.ts";

void runCommandLine(["hub", ...process.argv.slice(2)], entryFiles(import.meta.url));
