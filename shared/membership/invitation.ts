/**
 * Invitations as text, and what both sides prove. The short form is read out on the phone (ten letters and digits, 50 bits, 15 minutes);
 * the long form is a link or QR (128 bits, the inviter's whole fingerprint and addresses, a day). Source: trust.md, "Invitations".
 */
import { type DeviceId, parseDeviceId } from "../ids.ts";
import { pack } from "./packing.ts";
import { base64urlBytes, base64urlText, utf8Bytes } from "./text.ts";

export const SHORT_LIFETIME_MS = 15 * 60_000;
export const LONG_LIFETIME_MS = 24 * 60 * 60_000;
export const JOIN_PROTOCOL = "switchyard-join.v1";

/** Crockford's base32: no I, L, O (read as 1, 1, 0) and no U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LETTERS = 10;
const LONG_SECRET_BYTES = 16;
const LONG_PREFIX = "switchyard:join?";
const MAX_LONG_TEXT = 2048;
const MAX_ADDRESSES = 8;

export interface Address {
  /** A name, an IPv4 or an IPv6 address without brackets, `%interface` allowed. */
  readonly host: string;
  readonly port: number;
}

/** What a joiner was given. `secret` is what is stretched. */
export type InvitationText =
  | { readonly form: "short"; readonly secret: Uint8Array }
  | { readonly form: "long"; readonly secret: Uint8Array; readonly inviter: DeviceId; readonly addresses: readonly Address[] };

/** A short code, `K7QF2-9XWMD`, and its secret, from 7 random bytes. */
export const shortInvitation = (random: Uint8Array): { readonly text: string; readonly secret: Uint8Array } => {
  let code = "";
  let held = 0;
  let bits = 0;
  for (const byte of random) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && code.length < CODE_LETTERS) {
      bits -= 5;
      code += ALPHABET.charAt((held >> bits) & 31);
    }
  }
  if (code.length < CODE_LETTERS) throw new RangeError("A code takes 7 random bytes.");
  return { text: `${code.slice(0, 5)}-${code.slice(5)}`, secret: utf8Bytes(code) };
};

/** The long form, from 16 random bytes. */
export const longInvitation = (
  random: Uint8Array,
  inviter: DeviceId,
  addresses: readonly Address[],
): { readonly text: string; readonly secret: Uint8Array } => {
  const secret = random.slice(0, LONG_SECRET_BYTES);
  if (secret.length < LONG_SECRET_BYTES) throw new RangeError("A long invitation takes 16 random bytes.");
  const places = addresses.slice(0, MAX_ADDRESSES).map((address) => `&a=${encodeURIComponent(addressText(address))}`);
  return { text: `${LONG_PREFIX}k=${base64urlText(secret)}&d=${inviter}${places.join("")}`, secret };
};

export const addressText = ({ host, port }: Address): string => (host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);

/** `host:port` or `[v6]:port`; undefined for anything else. */
export const parseAddress = (text: string): Address | undefined => {
  const match = /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]{1,32})?)\]|([\w.-]{1,253})):(\d{1,5})$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
};

const parseLong = (text: string): InvitationText | undefined => {
  const fields = text
    .slice(LONG_PREFIX.length)
    .split("&")
    .map((field) => [field.slice(0, 2), field.slice(2)] as const);
  const only = (name: string): string => fields.find(([key]) => key === name)?.[1] ?? "";
  const secret = base64urlBytes(only("k="));
  const inviter = parseDeviceId(only("d="));
  if (secret?.length !== LONG_SECRET_BYTES || inviter === undefined) return undefined;
  const addresses = fields.flatMap(([key, value]) => (key === "a=" ? (decodedAddress(value) ?? []) : []));
  return { form: "long", secret, inviter, addresses: addresses.slice(0, MAX_ADDRESSES) };
};

const decodedAddress = (text: string): Address | undefined => {
  try {
    return parseAddress(decodeURIComponent(text));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

/** Reads what a person typed or pasted: either form; O, I, L, blanks, dashes and lower case are forgiven in the short one. */
export const parseInvitation = (text: string): InvitationText | undefined => {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LONG_TEXT) return undefined;
  if (trimmed.startsWith(LONG_PREFIX)) return parseLong(trimmed);
  const code = trimmed.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  const known = code.length === CODE_LETTERS && Array.from(code).every((letter) => ALPHABET.includes(letter));
  return known ? { form: "short", secret: utf8Bytes(code) } : undefined;
};

/** What each side proves to the other over the stretched secret; `role` keeps one's proof from serving as the other's. */
export const proofMessage = (role: "joiner" | "inviter", inviterKey: Uint8Array, joinerKey: Uint8Array): Uint8Array =>
  pack([JOIN_PROTOCOL, role, inviterKey, joinerKey]);
