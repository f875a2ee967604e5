/**
 * The window with the board: sandboxed, isolated, without Node. It draws its own title bar where the system lets its buttons lie over
 * it; elsewhere it has the system's frame and menu bar.
 */
import process from "node:process";
import { app, BrowserWindow, nativeTheme } from "electron";
import type { Profile } from "../host/profile.ts";
import { boardUrl } from "./app-protocol.ts";
import { keepPlace, readPlace } from "./window-place.ts";

/** As `--title-bar` of the board's tokens: the buttons lie in it. */
const TITLE_BAR_HEIGHT_PX = 40;
/** The board's own background (`renderer/ui/tokens.css`), so that a window does not flash in another colour before it is drawn. */
const BACKGROUND = { light: "#f5f6f8", dark: "#16181d" } as const;
const BUTTONS = { light: "#1c1f26", dark: "#e6e8ec" } as const;
/** The first Electron whose window buttons can lie over the page on Linux. */
const LINUX_OVERLAY_SINCE = 34;

const hasOverlay = (): boolean => process.platform !== "linux" || Number(process.versions.electron?.split(".")[0]) >= LINUX_OVERLAY_SINCE;

const look = (): "light" | "dark" => (nativeTheme.shouldUseDarkColors ? "dark" : "light");

const frame = (): Electron.BrowserWindowConstructorOptions =>
  hasOverlay()
    ? {
        titleBarStyle: "hidden",
        titleBarOverlay: { color: BACKGROUND[look()], symbolColor: BUTTONS[look()], height: TITLE_BAR_HEIGHT_PX },
      }
    : {};

/** Developer tools are there while developing, or when SWITCHYARD_DEVTOOLS asks for them. */
export const allowsDevTools = (): boolean => !app.isPackaged || process.env["SWITCHYARD_DEVTOOLS"] === "1";

export interface BoardWindowOptions {
  readonly profile: Profile;
  readonly preload: string;
  readonly failed: (error: unknown, what: string) => void;
}

/** Opens the window and loads the board; it shows itself once there is something to see. */
export const openBoardWindow = ({ profile, preload, failed }: BoardWindowOptions): BrowserWindow => {
  const place = readPlace(profile);
  const window = new BrowserWindow({
    title: profile.isDefault ? "Switchyard" : `Switchyard – ${profile.name}`,
    width: 1366,
    height: 768,
    ...(place ? { x: place.x, y: place.y, width: place.width, height: place.height } : {}),
    minWidth: 800,
    minHeight: 560,
    show: false,
    backgroundColor: BACKGROUND[look()],
    ...frame(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // Its dictionaries would come from the network.
      spellcheck: false,
      devTools: allowsDevTools(),
    },
  });
  if (place?.maximized) window.maximize();
  keepPlace(window, profile, (error) => failed(error, "the window's place was not kept"));
  window.once("ready-to-show", () => window.show());
  // The page's title is the same for every profile.
  window.on("page-title-updated", (event) => event.preventDefault());
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    failed(new Error(reason), "the window's process ended");
    // Nothing is lost by it: all work is in the main process. Its own end is an order to close.
    if (reason !== "clean-exit" && reason !== "killed" && !window.isDestroyed()) window.webContents.reload();
  });
  window.loadURL(boardUrl()).catch((error: unknown) => failed(error, "the board did not load"));
  return window;
};
