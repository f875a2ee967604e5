/**
 * The sync listener: one port, TLS 1.3, the peer's key judged before a byte is read. Three protocols by ALPN: members get a WebSocket,
 * an invitation's and a log's stranger a framed exchange, everybody else nothing. Shape: lan-notes.md, "Mutual TLS: verified shape".
 */
import { constants } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { WebSocketServer } from "ws";
import { AppError } from "../../../shared/errors.ts";
import type { DeviceId } from "../../../shared/ids.ts";
import { JOIN_PROTOCOL } from "../../../shared/membership/invitation.ts";
import { type Link, type Listener, type ListenOptions, MAX_MESSAGE_BYTES } from "./api.ts";
import { openChannel } from "./channel.ts";
import { limitHandshakes } from "./handshakes.ts";
import { openLink } from "./link.ts";
import { receiveLog } from "./log-exchange.ts";
import { LOG_PROTOCOL, MEMBER_PROTOCOL, type PeerKey, peerOf } from "./peer.ts";

const HANDSHAKE_TIMEOUT_MS = 5000;
/** From a finished handshake to an open WebSocket: http's own timers do nothing on a server that never listens. */
const UPGRADE_TIMEOUT_MS = 2000;
const MAX_LOGS_AT_ONCE = 2;

const listenOn = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

/** All interfaces: IPv6 with IPv4 in it, and IPv4 alone where the system has no IPv6. */
const bind = async (server: Server, port: number, host: string | undefined): Promise<number> => {
  try {
    return await listenOn(server, port, host ?? "::");
  } catch (error) {
    const code = codeOf(error);
    if (host === undefined && (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL")) return bind(server, port, "0.0.0.0");
    if (code === "EADDRINUSE")
      throw new AppError("port_in_use", `Port ${port} is taken by another program. Choose another with --port, or end that program.`, {
        cause: error,
      });
    throw new AppError("port_unusable", `Port ${port} cannot be opened (${String(code)}). Choose another with --port.`, { cause: error });
  }
};

/** A connection past its handshake. `link` once its WebSocket is open. */
interface Line {
  readonly device: DeviceId;
  readonly upgradeTimer: NodeJS.Timeout | undefined;
  link: Link | undefined;
}

/** Opens the port. Throws `port_in_use` or `port_unusable`. */
export const listenSecure = async (options: ListenOptions): Promise<Listener> => {
  const { identity, isMember, joins } = options;
  const lines = new Map<TLSSocket, Line>();
  let logs = 0;

  const web = createHttpServer((_, response) => response.writeHead(426).end());
  web.on("clientError", (_, line) => line.destroy());
  const sockets = new WebSocketServer({ server: web, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
  sockets.on("connection", (socket, request) => {
    const found = [...lines].find(([one]) => one === request.socket);
    if (found === undefined || !isMember(found[1].device)) {
      socket.on("error", () => undefined); // it is cut on the next line
      socket.terminate();
      return;
    }
    const [line, entry] = found;
    clearTimeout(entry.upgradeTimer);
    entry.link = openLink(socket, line, entry.device, false);
    options.link(entry.link);
  });

  const track = (line: TLSSocket, { device }: PeerKey, upgradeTimer?: NodeJS.Timeout): void => {
    lines.set(line, { device, upgradeTimer, link: undefined });
    line.once("close", () => {
      clearTimeout(upgradeTimer);
      lines.delete(line);
    });
  };
  const takeLog = async (line: TLSSocket, peer: PeerKey): Promise<void> => {
    const take = options.takeLog?.bind(options);
    if (take === undefined || logs >= MAX_LOGS_AT_ONCE) {
      line.destroy();
      return;
    }
    logs++;
    line.once("close", () => logs--);
    await receiveLog(openChannel(line, peer), (operations) => take(peer.device, operations));
  };
  const judge = (line: TLSSocket): void => {
    line.on("error", () => line.destroy()); // resets and garbage: the close that follows is what counts
    const peer = peerOf(line);
    if (peer === null) line.destroy();
    else if (line.alpnProtocol === MEMBER_PROTOCOL && isMember(peer.device)) {
      const upgradeTimer = setTimeout(() => line.destroy(), UPGRADE_TIMEOUT_MS);
      track(line, peer, upgradeTimer);
      web.emit("connection", line);
    } else if (line.alpnProtocol === JOIN_PROTOCOL && joins?.isOpen()) {
      track(line, peer);
      void joins.serve(openChannel(line, peer)).catch(() => line.destroy());
    } else if (line.alpnProtocol === LOG_PROTOCOL) {
      track(line, peer);
      void takeLog(line, peer).catch(() => line.destroy());
    } else line.destroy();
  };

  const server = createServer(
    {
      key: identity.keyPem,
      cert: identity.certificatePem,
      minVersion: "TLSv1.3",
      ALPNProtocols: [MEMBER_PROTOCOL, JOIN_PROTOCOL, LOG_PROTOCOL],
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      secureOptions: constants.SSL_OP_NO_TICKET,
    },
    judge,
  );
  server.on("tlsClientError", (_, line) => line.destroy());
  limitHandshakes(server, HANDSHAKE_TIMEOUT_MS);
  const port = await bind(server, options.port, options.host);
  server.on("error", (error) => options.trouble?.(error));

  return {
    port,
    drop: (device) => {
      for (const [line, entry] of lines) if (entry.device === device) line.destroy();
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const [line, { link }] of lines) {
        if (link) link.close(1001, "Closing");
        else line.destroy();
      }
      sockets.close();
      web.close();
      await closed;
    },
  };
};
