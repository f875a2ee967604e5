/**
 * Entry of the command line: `npm run cli -- --profile X COMMAND [--json]`. All of it is in `cli/`, loaded once the compiled form of the
 * sources is kept from run to run: a command should answer in well under a second.
 */
import { enableCompileCache } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { entryFiles } from "./host/entry-files.ts";

enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/switchyard", import.meta.url)));

const { runCommandLine } = await import("./cli/run.ts");
await runCommandLine(process.argv.slice(2), entryFiles(import.meta.url));
