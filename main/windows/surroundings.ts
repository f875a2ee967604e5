/**
 * What the desk asks of the app's surroundings: a yes or no and a file, by dialogs of the main process, where no script of a page can
 * answer for the person.
 */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { BrowserWindow, dialog } from "electron";
import { AppError } from "../../shared/errors.ts";
import type { Surroundings } from "../host/ports.ts";

const MAX_FILE_BYTES = 64 << 20;

const ask = async (options: Electron.MessageBoxOptions): Promise<number> => {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { response } = await (window === undefined ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options));
  return response;
};

const chosenPath = async (): Promise<string | undefined> => {
  const options: Electron.OpenDialogOptions = {
    properties: ["openFile"],
    filters: [
      { name: "CSV", extensions: ["csv", "tsv", "txt"] },
      { name: "*", extensions: ["*"] },
    ],
  };
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  const { filePaths } = await (window === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(window, options));
  return filePaths[0];
};

export const electronSurroundings: Surroundings = {
  host: "electron",
  confirm: async ({ title, detail, yes }) =>
    (await ask({ type: "question", message: title, detail, buttons: ["Cancel", yes], defaultId: 1, cancelId: 0, noLink: true })) === 1,
  chooseFile: async () => {
    const file = await chosenPath();
    if (file === undefined) return null;
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES)
      throw new AppError("file_too_large", `${path.basename(file)} is larger than 64 MiB. Split it and import the parts.`);
    return { name: path.basename(file), bytes: await readFile(file) };
  },
};
