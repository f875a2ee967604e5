/**
 * The browser board's server: HTTP for the built files and the exchange of the opening code, a WebSocket for the contract. On loopback
 * only, on the desk's own port (`home-port.ts`). Every request's `Host` is checked first, every write's and WebSocket's `Origin` too.
 * Source: trust.md.
 *   GET  /…        the board's files      POST /session  {"code"} → {"token"}, or {"code","message"} with status 403
 *   GET  /socket   the WebSocket          the printed address: http://127.0.0.1:PORT/?open#code=CODE
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { AppError } from "../../shared/errors.ts";
import { SESSION_PATH, SOCKET_PATH } from "../../shared/ipc/wire.ts";
import { type BoardPeer, serveBoardSocket } from "./board-socket.ts";
import { homePorts } from "./home-port.ts";
import { isOwnHost, isOwnOrigin, ownHosts } from "./own-names.ts";
import { pageHeaders } from "./page-policy.ts";
import type { Exchange, Sessions } from "./sessions.ts";
import { readStaticFile } from "./static-files.ts";

const MAX_BODY_BYTES = 1_024;
/** An import's file (64 MiB) and its frame. */
const MAX_FRAME_BYTES = 66 << 20;

export interface BoardServer {
  readonly port: number;
  /** An address with a fresh opening code: works once, within 60 seconds. */
  freshUrl(): string;
  close(): Promise<void>;
}

export interface BoardServerOptions extends Omit<BoardPeer, "isSession"> {
  /** Where the built board lies. */
  readonly folder: string;
  readonly sessions: Sessions;
  /** Hears of faults of ours; the client gets a 500. */
  readonly unexpected: (error: unknown) => void;
}

const sessionBody = z.object({ code: z.string().min(1).max(100) });

const refusals: Readonly<Record<Exclude<Exchange["kind"], "session">, readonly [code: string, message: string]>> = {
  used: ["code_used", "This address was opened before and works once. Get a fresh one from the Switchyard that printed it (command: url)."],
  expired: ["code_expired", "This address is older than a minute. Get a fresh one from the Switchyard that printed it (command: url)."],
  unknown: ["code_unknown", "This address is not from the Switchyard that runs now. Get a fresh one from it (command: url)."],
};

/** Starts the server. Rejects with `board_server_failed`. */
export const startBoardServer = async (options: BoardServerOptions): Promise<BoardServer> => {
  const { sessions, unexpected } = options;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
  const server = http.createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      unexpected(error);
      if (response.headersSent) response.destroy();
      else reply(response, 500, "Something went wrong inside Switchyard. Its log has the details.");
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  const port = await listenAtHome(server, await portsOf(options));
  const hosts = ownHosts(port);

  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const { host, origin } = request.headers;
    if (!isOwnHost(hosts, host)) return reply(response, 421, "This server answers for its own address only.");
    const urlPath = (request.url ?? "").split("?", 1)[0] ?? "";
    if (request.method === "POST" && urlPath === SESSION_PATH) {
      if (!isOwnOrigin(origin, host)) return reply(response, 403, "Asked from another page.");
      return exchange(response, await readBody(request));
    }
    if (request.method !== "GET" && request.method !== "HEAD") return reply(response, 405, "There is nothing to write here.");
    const file = await readStaticFile(options.folder, urlPath);
    if (file.kind === "missing") return reply(response, 404, "There is no such file.");
    if (file.kind === "not_built")
      return reply(response, 503, 'The board has not been built. Run "npm run build" and load this page again.');
    response.writeHead(200, { ...pageHeaders, "Content-Type": file.type, "Content-Length": file.bytes.byteLength });
    response.end(request.method === "HEAD" ? undefined : file.bytes);
  };

  const exchange = (response: http.ServerResponse, body: string | undefined): void => {
    const parsed = sessionBody.safeParse(parseJson(body));
    if (!parsed.success) return reply(response, 400, "No opening code was sent.");
    const result = sessions.exchange(parsed.data.code);
    if (result.kind === "session") return replyJson(response, 200, { token: result.token });
    const [code, message] = refusals[result.kind];
    replyJson(response, 403, { code, message });
  };

  server.on("upgrade", (request, socket, head) => {
    const { host, origin } = request.headers;
    socket.on("error", () => socket.destroy());
    const refuse = (status: string): void => void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    if (!isOwnHost(hosts, host)) return refuse("421 Misdirected Request");
    if (!isOwnOrigin(origin, host)) return refuse("403 Forbidden");
    if (request.url !== SOCKET_PATH) return refuse("404 Not Found");
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      serveBoardSocket(webSocket, { isSession: sessions.isSession, dispatch: options.dispatch, onEvent: options.onEvent }),
    );
  });

  return {
    port,
    // The query makes it another page than the one whose session is over: in that tab a new fragment alone would load nothing.
    freshUrl: () => `http://127.0.0.1:${port}/?open#code=${sessions.newCode()}`,
    close: () =>
      new Promise((resolve) => {
        for (const webSocket of sockets.clients) webSocket.close(1001, "closing");
        server.close(() => resolve());
        server.closeAllConnections();
        for (const webSocket of sockets.clients) webSocket.terminate();
      }),
  };
};

const reply = (response: http.ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { ...pageHeaders, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
};

const replyJson = (response: http.ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { ...pageHeaders, "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
};

/** The body as text; undefined when it is larger than any opening code. */
const readBody = async (request: http.IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};

const parseJson = (text: string | undefined): unknown => {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
};

const statusOfDevice = z.object({ device: z.string() });

/** The desk's own; none while the host is being closed and does not say whose board it is: any port will do then. */
const portsOf = async ({ dispatch }: BoardServerOptions): Promise<readonly number[]> => {
  const answer = await dispatch("desk.status", {}, "command-line");
  const device = answer.ok ? statusOfDevice.safeParse(answer.output).data?.device : undefined;
  return device === undefined ? [] : homePorts(device);
};

/** On the first of the ports that can be had, else on a free one. Rejects with `board_server_failed`. */
const listenAtHome = async (server: http.Server, ports: readonly number[]): Promise<number> => {
  for (const port of ports) {
    const had = await listenOnLoopback(server, port).catch(() => undefined);
    if (had !== undefined) return had;
  }
  return listenOnLoopback(server, 0).catch((cause: unknown) => {
    throw new AppError(
      "board_server_failed",
      "The board could not be served on this machine's own address (127.0.0.1). Is a firewall in the way?",
      { cause },
    );
  });
};

const listenOnLoopback = (server: http.Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const failed = (cause: Error): void => {
      server.off("listening", listening);
      reject(cause);
    };
    const listening = (): void => {
      server.off("error", failed);
      resolve((server.address() as AddressInfo).port);
    };
    server.once("error", failed);
    server.once("listening", listening);
    server.listen(port, "127.0.0.1");
  });
