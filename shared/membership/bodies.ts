/**
 * The bodies of version 1's operations: packed maps. Readers check form and bounds and ignore keys they do not know (the bytes
 * keep them); what a writer makes, its reader takes. `grant` and `revoke` are read and not yet written.
 */
import { type DeviceId, parseDeviceId, parseReplicaId, type ReplicaId } from "../ids.ts";
import { isLetters } from "./letters.ts";
import type { Packed } from "./packing.ts";
import { isPublicKey } from "./signature.ts";
import { base64urlText } from "./text.ts";
import { type FoundBody, type GrantBody, type JoinBody, type OperationId, parseOperationId, type RevokeBody, type Role } from "./types.ts";

export type Fields = ReadonlyMap<string, Packed>;

const NONCE_BYTES = 16;
const HASH_BYTES = 32;
const MAX_NAME = 64;
/** A revoke of a device with more replicas than this names the most recent. */
const MAX_SEEN = 64;
const MAX_KEEP = 16;
const ZONE = /^[A-Za-z0-9_+/-]{1,64}$/;
// Control characters, line separators, direction marks and lone surrogates: they make one name look like another.
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A name of a device or a workspace: 1 to 64 characters, no blanks around it, nothing invisible that turns or breaks the line. */
export const isMemberName = (text: string): boolean =>
  text.length >= 1 && text.length <= MAX_NAME && text.trim() === text && !NOT_IN_NAMES.test(text);

/** The nearest name that will do, e.g. of a host name; `fallback` when nothing is left. */
export const memberNameFrom = (text: string, fallback: string): string => {
  const clean = text.replace(new RegExp(NOT_IN_NAMES, "gu"), "").trim();
  const short = Array.from(clean).reduce((name, letter) => (name.length + letter.length <= MAX_NAME ? name + letter : name), "");
  return isMemberName(short.trim()) ? short.trim() : fallback;
};

export const parseRole = (value: Packed | undefined): Role | undefined =>
  value === "admin" || value === "dispatcher" || value === "viewer" ? value : undefined;

const name = (value: Packed | undefined): string | undefined => (typeof value === "string" && isMemberName(value) ? value : undefined);
const letters = (value: Packed | undefined): string | undefined => (typeof value === "string" && isLetters(value) ? value : undefined);
const publicKey = (value: Packed | undefined): Uint8Array | undefined =>
  value instanceof Uint8Array && isPublicKey(value) ? value : undefined;
const bytes = (value: Packed | undefined, length: number): Uint8Array | undefined =>
  value instanceof Uint8Array && value.length === length ? value : undefined;
const device = (value: Packed | undefined): DeviceId | undefined => {
  const hash = bytes(value, HASH_BYTES);
  return hash && parseDeviceId(base64urlText(hash));
};

export const foundFields = (body: FoundBody): Fields =>
  new Map<string, Packed>([
    ["key", body.publicKey],
    ["letters", body.letters],
    ["name", body.deviceName],
    ["nonce", body.nonce],
    ["recovery", body.recoveryKey],
    ["workspace", body.workspaceName],
    ["zone", body.zone],
  ]);

export const readFound = (fields: Fields): FoundBody | undefined => {
  const key = publicKey(fields.get("key"));
  const recovery = publicKey(fields.get("recovery"));
  const nonce = bytes(fields.get("nonce"), NONCE_BYTES);
  const own = letters(fields.get("letters"));
  const deviceName = name(fields.get("name"));
  const workspaceName = name(fields.get("workspace"));
  const zone = fields.get("zone");
  if (!key || !recovery || !nonce || !own || !deviceName || !workspaceName || typeof zone !== "string" || !ZONE.test(zone))
    return undefined;
  return { publicKey: key, deviceName, nonce, recoveryKey: recovery, workspaceName, zone, letters: own };
};

export const joinFields = (body: JoinBody): Fields =>
  new Map<string, Packed>([
    ["invitation", body.invitation],
    ["key", body.publicKey],
    ["letters", body.letters],
    ["name", body.deviceName],
    ["role", body.role],
  ]);

export const readJoin = (fields: Fields): JoinBody | undefined => {
  const key = publicKey(fields.get("key"));
  const given = letters(fields.get("letters"));
  const deviceName = name(fields.get("name"));
  const role = parseRole(fields.get("role"));
  const invitation = fields.get("invitation") === null ? null : bytes(fields.get("invitation"), HASH_BYTES);
  if (!key || !given || !deviceName || !role || invitation === undefined) return undefined;
  return { publicKey: key, deviceName, role, letters: given, invitation };
};

export const readGrant = (fields: Fields): GrantBody | undefined => {
  const target = device(fields.get("target"));
  const role = parseRole(fields.get("role"));
  return target && role ? { target, role } : undefined;
};

const readKeep = (value: Packed | undefined): readonly OperationId[] | null | undefined => {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length > MAX_KEEP) return undefined;
  const ids: OperationId[] = [];
  for (const hash of value as readonly Packed[]) {
    const id = hash instanceof Uint8Array && hash.length === HASH_BYTES ? parseOperationId(base64urlText(hash)) : undefined;
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return ids;
};

const readSeen = (value: Packed | undefined): ReadonlyMap<ReplicaId, number> | undefined => {
  if (!(value instanceof Map) || value.size > MAX_SEEN) return undefined;
  const seen = new Map<ReplicaId, number>();
  for (const [text, seq] of value as Fields) {
    const replica = parseReplicaId(text);
    if (replica === undefined || typeof seq !== "number") return undefined;
    seen.set(replica, seq);
  }
  return seen;
};

export const readRevoke = (fields: Fields): RevokeBody | undefined => {
  const target = device(fields.get("target"));
  const role = fields.get("role") === null ? null : parseRole(fields.get("role"));
  const keep = readKeep(fields.get("keep"));
  const seen = readSeen(fields.get("seen"));
  return target && role !== undefined && keep !== undefined && seen ? { target, role, keep, seen } : undefined;
};
