/**
 * Opening codes and session tokens of the browser board. A code works once, within 60 seconds; it is exchanged for a token, which
 * works until the host ends. Both are random and kept only as hashes. Time and randomness are passed in. Source: trust.md.
 */
import { createHash } from "node:crypto";

const CODE_LIFETIME_MS = 60_000;
/** How many codes and tokens are remembered; the oldest are forgotten first. */
const MAX_REMEMBERED = 1_000;

export type Exchange =
  | { readonly kind: "session"; readonly token: string }
  | { readonly kind: "used" }
  | { readonly kind: "expired" }
  | { readonly kind: "unknown" };

export interface Sessions {
  /** A fresh code, good for one exchange. */
  newCode(): string;
  exchange(code: string): Exchange;
  isSession(token: string): boolean;
}

export const createSessions = (now: () => number, random: (bytes: number) => Uint8Array): Sessions => {
  const codes = new Map<string, { readonly expires: number; readonly used: boolean }>();
  const tokens = new Map<string, true>();
  return {
    newCode: () => {
      const code = text(random(16));
      remember(codes, hash(code), { expires: now() + CODE_LIFETIME_MS, used: false });
      return code;
    },
    exchange: (code) => {
      const key = hash(code);
      const known = codes.get(key);
      if (known === undefined) return { kind: "unknown" };
      if (known.used) return { kind: "used" };
      if (now() > known.expires) return { kind: "expired" };
      codes.set(key, { ...known, used: true });
      const token = text(random(32));
      remember(tokens, hash(token), true);
      return { kind: "session", token };
    },
    isSession: (token) => tokens.has(hash(token)),
  };
};

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const hash = (secret: string): string => createHash("sha256").update(secret).digest("base64");

const remember = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
  const [oldest] = map.keys();
  if (map.size >= MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
};
