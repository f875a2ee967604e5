/**
 * Messages to frames and back. A message is MessagePack `[kind, body]`; the bodies that carry records are
 * `[kind, encoding, bytes]`, compressed. A message too long for one frame goes in pieces, each led by 0xc1 (a byte that MessagePack
 * never uses) and a flag for the last. Reading throws a Refusal or gives a message that is safe to use; nothing else.
 */
import { Packr, Unpackr } from "msgpackr";
import { asBody, asBytes, asText } from "./fields.ts";
import { MESSAGE_BYTES, PIECE_BYTES } from "./limits.ts";
import { isMessageKind, type Message, type MessageKind, SPECS } from "./messages/message.ts";
import type { MessageSpec } from "./messages/spec.ts";
import { garbled, tooLarge } from "./refusal.ts";
import { scan } from "./scan.ts";

export type Encoding = "plain" | "deflate" | "zstd";

/** Compression is the shell's; which one is used follows from the capabilities in the receiver's hello. */
export interface Compression {
  compress(bytes: Uint8Array, encoding: Encoding): Uint8Array;
  /** Undefined when the bytes are not of this encoding, or hold more than `limit` bytes. */
  expand(bytes: Uint8Array, encoding: Encoding, limit: number): Uint8Array | undefined;
}

export type Frames = readonly Uint8Array[];

const PIECE = 0xc1;
const PIECE_HEADER = 2;
const COMPRESSED: ReadonlySet<MessageKind> = new Set(["batch", "whole"]);
/** Below this a compressed body is hardly smaller and costs a call. */
const COMPRESS_FROM = 512;

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "number", copyBuffers: true });

const pack = (value: unknown): Uint8Array => {
  const bytes = packr.pack(value);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

const unpack = (bytes: Uint8Array): unknown => {
  scan(bytes);
  try {
    return unpackr.unpack(bytes);
  } catch {
    // The scan lets nothing through that should fail here; a decoder's own doubt is the peer's fault all the same.
    throw garbled("undecodable");
  }
};

const pieces = (bytes: Uint8Array): Frames => {
  if (bytes.length <= PIECE_BYTES) return [bytes];
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const end = Math.min(at + PIECE_BYTES, bytes.length);
    const frame = new Uint8Array(PIECE_HEADER + end - at);
    frame[0] = PIECE;
    frame[1] = end === bytes.length ? 1 : 0;
    frame.set(bytes.subarray(at, end), PIECE_HEADER);
    frames.push(frame);
  }
  return frames;
};

const specOf = <M extends Message>(message: M): MessageSpec<M> =>
  // The table gives each kind its own spec: the one place that relies on it.
  SPECS[message.kind] as unknown as MessageSpec<M>;

/** The frames of one message, in order. Throws a Refusal (`too_large`) for what no receiver would take. */
export const encode = (message: Message, encoding: Encoding, compression: Compression): Frames => {
  const body = specOf(message).write(message);
  if (!COMPRESSED.has(message.kind)) return pieces(pack([message.kind, body]));
  const plain = pack(body);
  if (plain.length > MESSAGE_BYTES) throw tooLarge(message.kind);
  const used = plain.length < COMPRESS_FROM ? "plain" : encoding;
  return pieces(pack([message.kind, used, used === "plain" ? plain : compression.compress(plain, used)]));
};

const readEncoding = (text: string): Encoding => {
  if (text !== "plain" && text !== "deflate" && text !== "zstd") throw garbled("encoding");
  return text;
};

const readMessage = (bytes: Uint8Array, compression: Compression): Message | undefined => {
  const value = unpack(bytes);
  if (!Array.isArray(value)) throw garbled("message");
  const parts: readonly unknown[] = value;
  const kind = asText(parts[0], "kind", 64);
  if (!isMessageKind(kind)) return undefined;
  if (!COMPRESSED.has(kind)) return SPECS[kind].read(asBody(parts[1], kind));
  const encoding = readEncoding(asText(parts[1], "encoding", 16));
  const packed = asBytes(parts[2], kind, MESSAGE_BYTES);
  const plain = encoding === "plain" ? packed : compression.expand(packed, encoding, MESSAGE_BYTES);
  if (plain === undefined) throw garbled("compression");
  return SPECS[kind].read(asBody(unpack(plain), kind));
};

/** One connection's reader; it holds what has come of a message in pieces, at most 16 MiB. */
export interface Decoder {
  /** Undefined: a kind this version does not know, or a message that has not come whole yet. Throws a Refusal, after which it is spent. */
  decode(frame: Uint8Array): Message | undefined;
}

export const makeDecoder = (compression: Compression): Decoder => {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const whole = (): Uint8Array => {
    const bytes = new Uint8Array(heldBytes);
    let at = 0;
    for (const piece of held) {
      bytes.set(piece, at);
      at += piece.length;
    }
    held = [];
    heldBytes = 0;
    return bytes;
  };
  return {
    decode: (frame) => {
      if (frame[0] !== PIECE) {
        if (held.length > 0) throw garbled("pieces");
        return readMessage(frame, compression);
      }
      const isLast = frame[1] === 1;
      if (frame.length <= PIECE_HEADER || (!isLast && frame.length !== PIECE_HEADER + PIECE_BYTES)) throw garbled("pieces");
      heldBytes += frame.length - PIECE_HEADER;
      if (heldBytes > MESSAGE_BYTES) throw tooLarge("pieces");
      held.push(frame.slice(PIECE_HEADER));
      return isLast ? readMessage(whole(), compression) : undefined;
    },
  };
};
