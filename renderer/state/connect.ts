/**
 * Picks what carries the contract: the preload of the app's window, else a WebSocket to the page's own origin. In a browser the
 * one-time code of the URL's fragment is traded for a session token, kept for this tab alone (no cookies), so a reload works.
 */
import { AppError } from "../../shared/errors.ts";
import type { Host } from "../../shared/ipc/contract.ts";
import { SESSION_PATH, SOCKET_PATH } from "../../shared/ipc/wire.ts";
import { createSocketHost, type Link } from "./socket-host.ts";

declare global {
  interface Window {
    /** Set by the app's preload; absent in a browser. */
    readonly switchyard?: Host;
  }
}

export interface Carrier {
  readonly host: Host;
  /** The window of the app draws its own title bar; a browser has its own frame. */
  readonly kind: "window" | "browser";
  /** Told when the host goes and comes back; the app's window never loses it. */
  readonly onLink: (listener: (link: Link) => void) => () => void;
}

const TOKEN_KEY = "switchyard.session";

const tradeCode = async (code: string): Promise<string> => {
  const answer = await fetch(SESSION_PATH, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
    cache: "no-store",
  });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok && typeof body === "object" && body !== null && "token" in body && typeof body.token === "string") return body.token;
  const said =
    typeof body === "object" && body !== null && "message" in body && typeof body.message === "string" ? body.message : undefined;
  throw new AppError("code_used", said ?? "This link was used before or is older than a minute. Start Switchyard again for a new one.");
};

/** Rejects with an AppError whose advice says how to open the board anew. */
export const connect = async (): Promise<Carrier> => {
  if (window.switchyard !== undefined) return { host: window.switchyard, kind: "window", onLink: () => () => undefined };
  const code =
    new URLSearchParams(location.hash.slice(1)).get("code") ??
    (location.hash.length > 1 && !location.hash.includes("=") ? location.hash.slice(1) : null);
  if (code !== null) {
    history.replaceState(null, "", location.pathname);
    sessionStorage.setItem(TOKEN_KEY, await tradeCode(code));
  }
  const token = sessionStorage.getItem(TOKEN_KEY);
  if (token === null) throw new AppError("no_session", "Open the board with the link that Switchyard prints when it starts.");
  const host = createSocketHost(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${SOCKET_PATH}`, token);
  return { host, kind: "browser", onLink: host.onLink };
};
