/**
 * Readers of single fields of a decoded message. Each checks shape and bound and throws a Refusal that names the field;
 * ids come out branded. Fields that a reader does not ask for are ignored: newer versions may add some.
 */
import { parseHlc } from "../clock/hlc.ts";
import type { Hlc } from "../crdt/types.ts";
import {
  type CollectionId,
  type DeviceId,
  type EpochMs,
  parseCollectionId,
  parseDeviceId,
  parseEpochMs,
  parseRecordId,
  parseReplicaId,
  parseWorkspaceId,
  type RecordId,
  type ReplicaId,
  type WorkspaceId,
} from "../ids.ts";
import { garbled, tooLarge } from "./refusal.ts";

export type Body = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

export const asBody = (value: unknown, what: string): Body => {
  if (!isObject(value)) throw garbled(what);
  return value;
};

export const asList = (value: unknown, what: string, max: number): readonly unknown[] => {
  if (!Array.isArray(value)) throw garbled(what);
  if (value.length > max) throw tooLarge(what);
  return value;
};

/** A safe integer from 0. */
export const asCount = (value: unknown, what: string, max: number = Number.MAX_SAFE_INTEGER): number => {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw garbled(what);
  if (value > max) throw tooLarge(what);
  return value;
};

/** `max` counts UTF-16 units. */
export const asText = (value: unknown, what: string, max: number): string => {
  if (typeof value !== "string") throw garbled(what);
  if (value.length > max) throw tooLarge(what);
  return value;
};

export const asFlag = (value: unknown, what: string): boolean => {
  if (typeof value !== "boolean") throw garbled(what);
  return value;
};

export const asBytes = (value: unknown, what: string, max: number): Uint8Array => {
  if (!(value instanceof Uint8Array)) throw garbled(what);
  if (value.length > max) throw tooLarge(what);
  return value;
};

const checked = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw garbled(what);
  return value;
};

export const asEpochMs = (value: unknown, what: string): EpochMs => checked(parseEpochMs(asCount(value, what)), what);
export const asDevice = (value: unknown, what: string): DeviceId => checked(parseDeviceId(asText(value, what, 43)), what);
export const asWorkspace = (value: unknown, what: string): WorkspaceId => checked(parseWorkspaceId(asText(value, what, 43)), what);
export const asRecord = (value: unknown, what: string): RecordId => checked(parseRecordId(asText(value, what, 64)), what);

/** `$…` collections travel whole and signed only (trust.md), so none is taken among records. */
export const asCollection = (value: unknown, what: string): CollectionId => {
  const text = asText(value, what, 64);
  if (text.startsWith("$")) throw garbled(what);
  return checked(parseCollectionId(text), what);
};

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export const hexFromBytes = (bytes: Uint8Array): string => {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i] ?? 0] ?? "";
  return text;
};

/** `text` is lower-case hex of whole bytes. */
export const bytesFromHex = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
};

/** 16 bytes on the wire. */
export const asReplica = (value: unknown, what: string): ReplicaId => {
  const bytes = asBytes(value, what, 16);
  if (bytes.length !== 16) throw garbled(what);
  return checked(parseReplicaId(hexFromBytes(bytes)), what);
};

export const asHlc = (value: unknown, what: string): Hlc => checked(typeof value === "number" ? parseHlc(value) : undefined, what);
