/**
 * The browser board of a host, started when somebody asks for its address: the app's own windows do without, and so does a single
 * command. Only the command line is given addresses.
 */
import { randomBytes } from "node:crypto";
import { AppError } from "../../shared/errors.ts";
import type { BoardServer, BoardServerOptions } from "../hub/board-server.ts";
import type { HostHandlers } from "./ports.ts";

export interface BrowserBoard {
  readonly handlers: Pick<HostHandlers, "host.url">;
  /** An address that opens once, within a minute. */
  freshUrl(): Promise<string>;
  close(): Promise<void>;
}

/** `options` are asked for when the server starts, since its requests come back to the one who holds this. */
export const createBrowserBoard = (options: () => Omit<BoardServerOptions, "sessions">): BrowserBoard => {
  let starting: Promise<BoardServer> | undefined;
  const start = async (): Promise<BoardServer> => {
    const [{ startBoardServer }, { createSessions }] = await Promise.all([import("../hub/board-server.ts"), import("../hub/sessions.ts")]);
    return startBoardServer({ ...options(), sessions: createSessions(Date.now, randomBytes) });
  };
  const freshUrl = async (): Promise<string> => (await (starting ??= start())).freshUrl();
  return {
    handlers: {
      "host.url": async (_input, caller) => {
        if (caller !== "command-line")
          throw new AppError("command_line_only", "A new address of the board is given by the command line alone (command: url).");
        return { url: await freshUrl() };
      },
    },
    freshUrl,
    close: async () => (await starting)?.close(),
  };
};
