/**
 * What the sync worker and the host know of the transport: links to members, and how to get and give them.
 * The transport knows no store and no log; whatever the membership decides comes in as callbacks. It runs in any thread. Shapes: lan-notes.md.
 */
import type { DeviceId } from "../../../shared/ids.ts";
import type { Identity } from "../../identity/identity.ts";

/** The largest message either side takes; a longer one closes the link (1009). */
export const MAX_MESSAGE_BYTES = 1 << 20;

export interface LinkHandlers {
  message(bytes: Uint8Array): void;
  /** Once, whatever the cause; nothing follows. `code` as in RFC 6455, 1006 when the line broke. */
  closed(code: number, reason: string): void;
  /** The peer answered a ping. */
  pong(): void;
}

/** A live connection with one device, both certificates pinned before the first byte. */
export interface Link {
  readonly device: DeviceId;
  /** True when we dialled. */
  readonly dialled: boolean;
  /** The peer's address without its port, IPv4 in plain form. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Bytes handed over and not yet taken by the system. */
  readonly bufferedAmount: number;
  readonly open: boolean;
  /** Sets who hears of it; what came before is handed over at once. Call it once. */
  listen(handlers: LinkHandlers): void;
  /** False if the link is closed already (the bytes are lost; `closed` says so too). */
  send(bytes: Uint8Array): boolean;
  ping(): void;
  /** Says goodbye: `code` 1000 or 4000 to 4999, `reason` at most 123 bytes. A peer that does not answer is cut after 2 s. */
  close(code: number, reason: string): void;
  /** Cuts the line without a word. */
  terminate(): void;
}

/** A stranger's TLS connection that speaks in frames (invitations, handed-over logs). */
export interface Channel {
  /** The device at the other end: its certificate's key. */
  readonly device: DeviceId;
  readonly publicKey: Uint8Array;
  readonly remoteAddress: string;
  /** 32 bytes that only the two ends of this very TLS connection know. */
  readonly exporter: Uint8Array;
  /** One frame; resolves when the system has taken it. Rejects with `channel_closed`. */
  send(frame: Uint8Array): Promise<void>;
  /** The next frame; rejects with `channel_closed`, `channel_timeout` or `channel_garbled`. */
  receive(timeoutMs: number): Promise<Uint8Array>;
  /** Lets what was sent go out, then closes. */
  end(): void;
  destroy(): void;
}

export interface ListenOptions {
  readonly identity: Identity;
  /** 0 takes a free one. Taken: `AppError` `port_in_use`. */
  readonly port: number;
  /** One address to bind; absent: all interfaces, IPv6 and IPv4. */
  readonly host?: string;
  /** May this device open a link now? Asked for each connection. */
  isMember(device: DeviceId): boolean;
  /** A member's link. Call `link.listen` before returning. */
  link(link: Link): void;
  /** Invitations (`main/identity/invitations.ts`); absent: none is ever open. */
  readonly joins?: { isOpen(): boolean; serve(channel: Channel): Promise<void> };
  /** Operations from a device that is no member: true if it is one now. Absent: nothing is taken. */
  takeLog?(device: DeviceId, operations: readonly Uint8Array[]): boolean | Promise<boolean>;
  /** The port itself failed after it was opened (no more file handles); for the log. */
  trouble?(error: Error): void;
}

export interface Listener {
  readonly port: number;
  /** Cuts all links of a device (it was removed), those in their opening too. */
  drop(device: DeviceId): void;
  /** Closes the port and all links. */
  close(): Promise<void>;
}

export interface DialOptions {
  readonly identity: Identity;
  readonly host: string;
  readonly port: number;
  /** The only device we mean; undefined (a typed address): whoever `isMember` accepts. */
  readonly expect: DeviceId | undefined;
  isMember(device: DeviceId): boolean;
  readonly signal?: AbortSignal;
  /** For connecting and TLS together; 10 s if absent. */
  readonly timeoutMs?: number;
}

export type DialOutcome =
  | { readonly kind: "linked"; readonly link: Link }
  /** Nobody answered there, or not in TLS 1.3. */
  | { readonly kind: "unreachable"; readonly reason: string }
  /** Somebody else answered; not a byte was sent. */
  | { readonly kind: "wrong_device"; readonly device: DeviceId | null }
  /** It hung up on us: it does not know us as a member yet (`dialLog`), or no longer. */
  | { readonly kind: "not_accepted" }
  | { readonly kind: "aborted" };

export type LogOutcome =
  /** It knows us now: dial again as a member. */
  | { readonly kind: "accepted" }
  | { readonly kind: "not_accepted" }
  | { readonly kind: "unreachable"; readonly reason: string }
  | { readonly kind: "wrong_device"; readonly device: DeviceId | null }
  | { readonly kind: "aborted" };
