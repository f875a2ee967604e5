/** Entry of the app under Electron: `electron . [--profile X]`. All of it is in `windows/` and `host/`. */
import process from "node:process";
import { entryFiles } from "./host/entry-files.ts";
import { runApp } from "./windows/app.ts";

runApp(process.argv.slice(1), entryFiles(import.meta.url));
