/**
 * The application's menu. What concerns the work is sent to the board as the contract's `command` event and done there, by the same code
 * as its own buttons. Shortcuts of the board's own are shown but not registered: a text field's undo is the field's.
 */
import process from "node:process";
import { BrowserWindow, Menu, type MenuItemConstructorOptions } from "electron";
import { EVENT_CHANNEL } from "../../shared/ipc/channels.ts";
import type { Events } from "../../shared/ipc/contract.ts";
import { isBoardUrl } from "./app-protocol.ts";

type CommandName = Events["command"]["name"];

const words = {
  file: "&File",
  newOrder: "New Order",
  import: "Import CSV…",
  invite: "Invite a Desk…",
  edit: "&Edit",
  undo: "Undo",
  redo: "Redo",
  view: "&View",
  trash: "Trash",
  sync: "Sync",
  help: "&Help",
  keys: "Keyboard Shortcuts",
} as const;

const sendCommand = (name: CommandName): void => {
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  if (window === undefined || !isBoardUrl(window.webContents.getURL())) return;
  window.webContents.send(EVENT_CHANNEL, "command", { name } satisfies Events["command"]);
};

const command = (label: string, name: CommandName, accelerator?: string): MenuItemConstructorOptions => ({
  id: name,
  label,
  ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  click: () => sendCommand(name),
});

const separator: MenuItemConstructorOptions = { type: "separator" };

export const buildMenu = (devTools: boolean): void => {
  const isMac = process.platform === "darwin";
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: "appMenu" } satisfies MenuItemConstructorOptions] : []),
    {
      label: words.file,
      submenu: [
        command(words.newOrder, "new-order"),
        separator,
        command(words.import, "import"),
        command(words.invite, "invite"),
        separator,
        { role: isMac ? "close" : "quit" },
      ],
    },
    {
      label: words.edit,
      submenu: [
        command(words.undo, "undo", "CmdOrCtrl+Z"),
        command(words.redo, "redo", "CmdOrCtrl+Shift+Z"),
        separator,
        { role: "cut" },
        { role: "copy" },
        { role: "paste" },
        { role: "selectAll" },
      ],
    },
    {
      label: words.view,
      submenu: [
        command(words.sync, "sync-panel", "CmdOrCtrl+Shift+S"),
        command(words.trash, "trash"),
        separator,
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "togglefullscreen" },
        ...(devTools ? [separator, { role: "toggleDevTools" } satisfies MenuItemConstructorOptions] : []),
      ],
    },
    ...(isMac ? [{ role: "windowMenu" } satisfies MenuItemConstructorOptions] : []),
    { label: words.help, role: "help", submenu: [command(words.keys, "cheat-sheet", "F1")] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
};
