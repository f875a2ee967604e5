/**
 * What pages may not do, whatever they ask: leave the board, open windows, get permissions, load anything that is not ours. Links for
 * a person's other programs (https, tel, mailto) are handed to the system. Source: trust.md, "Local surfaces".
 */
import { app, type Session, session, shell, type WebContents } from "electron";
import { isBoardUrl } from "./app-protocol.ts";

const OUTSIDE_SCHEMES: ReadonlySet<string> = new Set(["https:", "tel:", "mailto:"]);

/** The one permission that pages have: to put text (an order's number, an invitation's code) on the clipboard, at a click. */
const CLIPBOARD_WRITE = "clipboard-sanitized-write";

const openOutside = (text: string): void => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // No program of the system's could open it either.
    return;
  }
  if (OUTSIDE_SCHEMES.has(url.protocol)) void shell.openExternal(url.href);
};

const guardSession = (guarded: Session): void => {
  guarded.setPermissionRequestHandler((contents, permission, decide) =>
    decide(permission === CLIPBOARD_WRITE && isBoardUrl(contents.getURL())),
  );
  guarded.setPermissionCheckHandler(
    (contents, permission) => permission === CLIPBOARD_WRITE && contents !== null && isBoardUrl(contents.getURL()),
  );
  guarded.setDevicePermissionHandler(() => false);
  guarded.webRequest.onBeforeRequest((request, decide) => {
    const { protocol } = new URL(request.url);
    const isOurs = isBoardUrl(request.url) || protocol === "devtools:" || protocol === "data:" || protocol === "blob:";
    // Vite's hot replacement speaks to its own server by WebSocket.
    decide({ cancel: !isOurs && !isBoardUrl(request.url.replace(/^ws/, "http")) });
  });
};

const guardContents = (contents: WebContents): void => {
  contents.on("will-navigate", (event, url) => {
    if (isBoardUrl(url)) return;
    event.preventDefault();
    openOutside(url);
  });
  contents.on("will-redirect", (event, url) => {
    if (!isBoardUrl(url)) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: "deny" };
  });
};

/** Once the app is ready, before the first window. */
export const guardEverything = (): void => {
  guardSession(session.defaultSession);
  app.on("session-created", guardSession);
  app.on("web-contents-created", (_event, contents) => guardContents(contents));
};
