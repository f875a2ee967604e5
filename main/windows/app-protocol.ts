/**
 * `app://board/…`: the built board for the app's windows, with the same headers as the hub's server. A scheme of our own rather than
 * `file://`, so that pages have an origin and a policy in headers. In development the page comes from Vite's server instead.
 */
import process from "node:process";
import { app, protocol } from "electron";
import { pageHeaders } from "../hub/page-policy.ts";
import { readStaticFile } from "../hub/static-files.ts";

const SCHEME = "app";
const HOST = "board";

/** Vite's server under `npm run dev`; a packaged app never asks for it. */
const developmentUrl = (): string | undefined => (app.isPackaged ? undefined : process.env["ELECTRON_RENDERER_URL"]);

export const boardUrl = (): string => developmentUrl() ?? `${SCHEME}://${HOST}/`;

/** Whether a URL is a page of the board. */
export const isBoardUrl = (text: string): boolean => {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // What is no URL is no page of ours.
    return false;
  }
  const development = developmentUrl();
  if (development !== undefined && url.origin === new URL(development).origin) return true;
  return url.protocol === `${SCHEME}:` && url.host === HOST;
};

/** Before the app is ready. */
export const registerBoardScheme = (): void =>
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);

/** Once the app is ready. */
export const serveBoard = (folder: string): void =>
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = host === HOST && request.method === "GET" ? await readStaticFile(folder, pathname) : { kind: "missing" as const };
    switch (file.kind) {
      case "file":
        return new Response(Buffer.from(file.bytes), { headers: { ...pageHeaders, "Content-Type": file.type } });
      case "missing":
        return new Response("There is no such file.\n", { status: 404, headers: pageHeaders });
      case "not_built":
        return new Response('The board has not been built. Run "npm run build" and start again.\n', { status: 503, headers: pageHeaders });
    }
  });
