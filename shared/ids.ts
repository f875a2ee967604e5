/**
 * The ids of the design, each a brand of its own, made from outside text by one parser each.
 * Nothing else casts to these types. Forms: contracts.md, "Ids, times, numbers".
 */

declare const brand: unique symbol;
export type Brand<Base, Name extends string> = Base & {
  readonly [brand]: Name;
};

/** A record: UUIDv7 text, or a foreign id of 1 to 64 characters. */
export type RecordId = Brand<string, "RecordId">;
/** One database file's life as a writer: 16 random bytes, lower-case hex. */
export type ReplicaId = Brand<string, "ReplicaId">;
/** SHA-256 of a device's public key (SPKI), base64url, 43 characters. */
export type DeviceId = Brand<string, "DeviceId">;
/** SHA-256 of the `found` operation, base64url, 43 characters. */
export type WorkspaceId = Brand<string, "WorkspaceId">;
/** What one undo takes back: UUIDv7 text. */
export type ActionId = Brand<string, "ActionId">;
/** A type of thing (`workOrder`); collections starting with `$` are the system's. */
export type CollectionId = Brand<string, "CollectionId">;
/** Milliseconds since 1970 UTC, an integer. */
export type EpochMs = Brand<number, "EpochMs">;

const REPLICA_ID = /^[0-9a-f]{32}$/;
const HASH_ID = /^[A-Za-z0-9_-]{43}$/;
const NAME_ID = /^[A-Za-z0-9_$-]{1,64}$/;
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);
// oxlint-disable-next-line no-control-regex -- control characters are what is refused here
const CONTROL = /[\u0000-\u001f\u007f]/;

export const isReplicaText = (text: string): text is ReplicaId => REPLICA_ID.test(text);

export const parseReplicaId = (text: string): ReplicaId | undefined => (isReplicaText(text) ? text : undefined);

export const parseDeviceId = (text: string): DeviceId | undefined => (HASH_ID.test(text) ? (text as DeviceId) : undefined);

export const parseWorkspaceId = (text: string): WorkspaceId | undefined => (HASH_ID.test(text) ? (text as WorkspaceId) : undefined);

export const parseRecordId = (text: string): RecordId | undefined =>
  text.length >= 1 && text.length <= 64 && !CONTROL.test(text) ? (text as RecordId) : undefined;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A UUID of any version in its usual form, lower-case (RFC 9562). */
export const isUuidText = (text: string): boolean => text.length === 36 && UUID.test(text);

/** A record id that was parsed before it was stored. */
export const storedRecordId = (text: string): RecordId => text as RecordId;

/** The UUID whose 32 lower-case hex digits a text begins with. */
export const uuidOfDigits = (text: string): RecordId =>
  `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20, 32)}` as RecordId;

export const parseActionId = (text: string): ActionId | undefined =>
  text.length >= 1 && text.length <= 64 && !CONTROL.test(text) ? (text as ActionId) : undefined;

/** Collections, fields and path segments that reach SQL, code or objects: never `__proto__` and the like. */
export const isNameId = (text: string): boolean => NAME_ID.test(text) && !FORBIDDEN_NAMES.has(text);

export const parseCollectionId = (text: string): CollectionId | undefined => (isNameId(text) ? (text as CollectionId) : undefined);

export const parseEpochMs = (ms: number): EpochMs | undefined => (Number.isSafeInteger(ms) ? (ms as EpochMs) : undefined);

/** A UUIDv7 (RFC 9562): 48 bits of time, then randomness. `random` is 10 random bytes. */
export const uuidV7 = (now: EpochMs, random: Uint8Array): string => {
  const bytes = new Uint8Array(16);
  let ms: number = now;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
