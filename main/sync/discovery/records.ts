/**
 * What of a decoded mDNS frame concerns us, with every bound checked: the one place where bytes from strangers become
 * typed records. Anything unusable is left out silently, since frames of all services of the LAN arrive here.
 * Format: RFC 6762, RFC 6763; the TXT entries are lan-notes.md's (`v`, `id`, `ws`).
 */
import { isIP } from "node:net";
import { type DeviceId, parseDeviceId } from "../../../shared/ids.ts";

/** The service type as it is asked for. */
export const SERVICE = "_switchyard._tcp.local";
/** RFC 6762, section 17: no mDNS frame is larger. */
export const MAX_FRAME_BYTES = 9000;
/** Of one frame; a desk's own announcement has a dozen. */
const MAX_RECORDS = 500;
/** PTR records live up to 75 minutes; nothing is believed for longer. */
const MAX_TTL_MS = 75 * 60_000;
const MAX_LABEL_BYTES = 63;

/** `ttlMs` 0 is a goodbye. Names are lower case but for `spelled`, which is how to ask for it. */
export type HeardRecord =
  | { readonly type: "ptr"; readonly instance: string; readonly spelled: string; readonly ttlMs: number }
  | {
      readonly type: "srv";
      readonly instance: string;
      readonly spelled: string;
      readonly target: string;
      readonly port: number;
      readonly ttlMs: number;
    }
  | { readonly type: "txt"; readonly instance: string; readonly device: DeviceId; readonly workspaceTag: string; readonly ttlMs: number }
  | { readonly type: "address"; readonly host: string; readonly address: string; readonly ttlMs: number };

/** A record as the decoder gives it: nothing of it is believed yet. */
export interface RawRecord {
  readonly type: string;
  readonly name?: unknown;
  readonly ttl?: unknown;
  readonly data?: unknown;
}

/** The records of one reply that are about this service or an address. `sender` is the frame's source, with its scope (`fe80::1%eth0`). */
export const heardRecords = (answers: readonly RawRecord[], sender: string): readonly HeardRecord[] => {
  const heard: HeardRecord[] = [];
  for (const raw of answers.slice(0, MAX_RECORDS)) {
    const record = parseRecord(raw, sender);
    if (record !== undefined) heard.push(record);
  }
  return heard;
};

const parseRecord = (raw: RawRecord, sender: string): HeardRecord | undefined => {
  if (typeof raw.name !== "string" || typeof raw.ttl !== "number" || !(raw.ttl >= 0)) return undefined;
  const name = raw.name.toLowerCase();
  const ttlMs = Math.min(raw.ttl * 1000, MAX_TTL_MS);
  switch (raw.type) {
    case "PTR": {
      if (name !== SERVICE || typeof raw.data !== "string") return undefined;
      const instance = raw.data.toLowerCase();
      return isInstance(instance) ? { type: "ptr", instance, spelled: raw.data, ttlMs } : undefined;
    }
    case "SRV": {
      if (!isInstance(name)) return undefined;
      const data = parseSrv(raw.data);
      return data && { type: "srv", instance: name, spelled: raw.name, ...data, ttlMs };
    }
    case "TXT": {
      if (!isInstance(name)) return undefined;
      const data = parseTxt(raw.data);
      return data && { type: "txt", instance: name, ...data, ttlMs };
    }
    case "A":
    case "AAAA": {
      const address = typeof raw.data === "string" ? dialable(raw.data.toLowerCase(), sender) : undefined;
      return address !== undefined && isHostName(name) ? { type: "address", host: name, address, ttlMs } : undefined;
    }
    default:
      return undefined;
  }
};

const hasFittingLabels = (name: string): boolean =>
  name.length <= 255 && name.split(".").every((label) => label !== "" && Buffer.byteLength(label) <= MAX_LABEL_BYTES);

const isInstance = (name: string): boolean => name.endsWith(`.${SERVICE}`) && hasFittingLabels(name);

const isHostName = (name: string): boolean => name.endsWith(".local") && hasFittingLabels(name);

const parseSrv = (data: unknown): { readonly target: string; readonly port: number } | undefined => {
  if (typeof data !== "object" || data === null || !("target" in data) || !("port" in data)) return undefined;
  const { target, port } = data;
  if (typeof target !== "string" || typeof port !== "number") return undefined;
  const host = target.toLowerCase();
  return isHostName(host) && Number.isInteger(port) && port >= 1 && port <= 65_535 ? { target: host, port } : undefined;
};

/** A tag is at most 32 characters of base64url or empty (a fresh desk); a later version may only add entries. */
const parseTxt = (data: unknown): { readonly device: DeviceId; readonly workspaceTag: string } | undefined => {
  const entries = new Map<string, string>();
  for (const entry of Array.isArray(data) ? data : [data]) {
    const text = typeof entry === "string" ? entry : entry instanceof Uint8Array ? Buffer.from(entry).toString("utf8") : "";
    const equals = text.indexOf("=");
    const key = text.slice(0, equals).toLowerCase();
    // RFC 6763, 6.4: the first of equal keys counts.
    if (equals > 0 && !entries.has(key)) entries.set(key, text.slice(equals + 1));
  }
  const device = parseDeviceId(entries.get("id") ?? "");
  const workspaceTag = entries.get("ws") ?? "";
  return device !== undefined && /^[A-Za-z0-9_-]{0,32}$/.test(workspaceTag) ? { device, workspaceTag } : undefined;
};

/** The address as it can be dialled, or undefined: link-local IPv6 needs the interface, which only a link-local sender tells. */
const dialable = (address: string, sender: string): string | undefined => {
  const family = isIP(address);
  if (family === 4) return /^(0|22[4-9]|2[3-5]\d)\./.test(address) ? undefined : address;
  if (family !== 6 || address === "::" || address.startsWith("ff") || address.includes("%")) return undefined;
  if (!isLinkLocal(address)) return address;
  const scope = isLinkLocal(sender) ? sender.split("%")[1] : undefined;
  return scope === undefined ? undefined : `${address}%${scope}`;
};

export const isLinkLocal = (address: string): boolean => /^fe[89ab]/.test(address);

export const isLoopback = (address: string): boolean => address.startsWith("127.") || address === "::1";
