/** Entry of the command line: `npm run cli -- --profile X COMMAND [--json]`. All of it is in `cli/`. */
import process from "node:process";
import { runCommandLine } from "./cli/run.ts";
import { entryFiles } from "./host/entry-files.ts";

void runCommandLine(process.argv.slice(2), entryFiles(import.meta.url));
