/**
 * Dialling: TLS 1.3, the other end's key checked before our first byte. In TLS 1.3 our handshake ends before the other side has judged us,
 * so connected is not accepted: a link counts once its WebSocket is open. Source: lan-notes.md.
 */
import { connect, type TLSSocket } from "node:tls";
import { WebSocket } from "ws";
import type { DeviceId } from "../../../shared/ids.ts";
import { type Channel, type DialOptions, type DialOutcome, type Link, type LogOutcome, MAX_MESSAGE_BYTES } from "./api.ts";
import { openChannel } from "./channel.ts";
import { openLink } from "./link.ts";
import { sendLog } from "./log-exchange.ts";
import { LOG_PROTOCOL, MEMBER_PROTOCOL, type PeerKey, peerOf, secureContextOf } from "./peer.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const OPEN_TIMEOUT_MS = 5000;

type Failure = Exclude<DialOutcome, { readonly kind: "linked" } | { readonly kind: "not_accepted" }>;
type Line = { readonly kind: "connected"; readonly socket: TLSSocket; readonly peer: PeerKey } | Failure;

type LineOptions = Pick<DialOptions, "identity" | "host" | "port" | "signal" | "timeoutMs"> & {
  readonly protocol: string;
  /** Is this the one we mean? Asked once, before a byte is sent. */
  readonly isWanted: (device: DeviceId) => boolean;
};

/** A TLS connection whose other end is the one we mean. The caller owns the socket; its errors are already listened to. */
export const dialLine = ({
  identity,
  host,
  port,
  protocol,
  isWanted,
  signal,
  timeoutMs = CONNECT_TIMEOUT_MS,
}: LineOptions): Promise<Line> =>
  new Promise((resolve) => {
    if (signal?.aborted) {
      resolve({ kind: "aborted" });
      return;
    }
    const socket = connect({
      host,
      port,
      secureContext: secureContextOf(identity),
      minVersion: "TLSv1.3",
      ALPNProtocols: [protocol],
      servername: "", // no name of ours goes out in clear
      rejectUnauthorized: false, // the key is judged below; a self-signed certificate says nothing else
      checkServerIdentity: () => undefined,
    });
    const settle = (line: Line): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      if (line.kind !== "connected") socket.destroy();
      resolve(line);
    };
    const aborted = (): void => settle({ kind: "aborted" });
    const timer = setTimeout(() => settle({ kind: "unreachable", reason: "timeout" }), timeoutMs);
    signal?.addEventListener("abort", aborted, { once: true });
    socket.on("error", (error) => settle({ kind: "unreachable", reason: "code" in error ? String(error.code) : error.message }));
    socket.once("close", () => settle({ kind: "unreachable", reason: "closed" }));
    socket.once("secureConnect", () => {
      const peer = peerOf(socket);
      if (peer === null || !isWanted(peer.device)) settle({ kind: "wrong_device", device: peer?.device ?? null });
      else if (socket.alpnProtocol !== protocol) settle({ kind: "unreachable", reason: "protocol" });
      else settle({ kind: "connected", socket, peer });
    });
  });

const openSocket = (line: TLSSocket, peer: PeerKey, signal: AbortSignal | undefined): Promise<DialOutcome> =>
  new Promise((resolve) => {
    const socket = new WebSocket("ws://peer/", {
      createConnection: () => line,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handshakeTimeout: OPEN_TIMEOUT_MS,
      followRedirects: false,
    });
    const settle = (outcome: DialOutcome): void => {
      signal?.removeEventListener("abort", aborted);
      resolve(outcome);
    };
    const aborted = (): void => {
      settle({ kind: "aborted" });
      line.destroy();
    };
    const refused = (): void => {
      settle({ kind: "not_accepted" });
      line.destroy();
    };
    signal?.addEventListener("abort", aborted, { once: true });
    if (signal?.aborted) aborted();
    socket.on("error", refused);
    socket.on("close", refused);
    socket.once("open", () => {
      socket.off("error", refused);
      socket.off("close", refused);
      const link: Link = openLink(socket, line, peer.device, true);
      settle({ kind: "linked", link });
    });
  });

/** Opens a link to a member. */
export const dialSecure = async (options: DialOptions): Promise<DialOutcome> => {
  const { expect, isMember, signal } = options;
  const isWanted = (device: DeviceId): boolean => (expect === undefined || device === expect) && isMember(device);
  const line = await dialLine({ ...options, protocol: MEMBER_PROTOCOL, isWanted });
  return line.kind === "connected" ? openSocket(line.socket, line.peer, signal) : line;
};

/** Hands our log to a member that does not know us yet (`dialSecure` said `not_accepted`). It tells us nothing but whether to dial again. */
export const dialLog = async (options: DialOptions & { readonly operations: readonly Uint8Array[] }): Promise<LogOutcome> => {
  const { expect, isMember, operations, signal } = options;
  const isWanted = (device: DeviceId): boolean => (expect === undefined || device === expect) && isMember(device);
  const line = await dialLine({ ...options, protocol: LOG_PROTOCOL, isWanted });
  if (line.kind !== "connected") return line;
  const channel: Channel = openChannel(line.socket, line.peer);
  const aborted = (): void => channel.destroy();
  signal?.addEventListener("abort", aborted, { once: true });
  try {
    return (await sendLog(channel, operations)) ? { kind: "accepted" } : { kind: "not_accepted" };
  } catch {
    return signal?.aborted ? { kind: "aborted" } : { kind: "not_accepted" }; // closing without a word is how a listener says no
  } finally {
    signal?.removeEventListener("abort", aborted);
  }
};
