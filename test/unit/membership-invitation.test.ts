/** Invitations as text: what is printed is read back, what people mistype is forgiven, the rest is refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Attempts, afterWrong, mayTry } from "../../shared/membership/attempts.ts";
import {
  addressText,
  longInvitation,
  parseAddress,
  parseInvitation,
  proofMessage,
  shortInvitation,
} from "../../shared/membership/invitation.ts";
import { newDevice } from "./membership-fixtures.ts";

const inviter = newDevice();

describe("short code", () => {
  it("is ten letters and digits in two groups, and reads back whatever the random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 7, maxLength: 7 }), (random) => {
        const { text, secret } = shortInvitation(random);
        expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
        expect(parseInvitation(text)).toEqual({ form: "short", secret });
        expect(parseInvitation(` ${text.toLowerCase().replace("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `)).toEqual({
          form: "short",
          secret,
        });
      }),
    );
  });

  it("uses 50 bits: each of them changes the code", () => {
    const zero = new Uint8Array(7);
    const codes = new Set([shortInvitation(zero).text]);
    for (let bit = 0; bit < 50; bit++) {
      const random = zero.slice();
      random[bit >> 3] = 128 >> (bit & 7);
      codes.add(shortInvitation(random).text);
    }
    expect(codes.size).toBe(51);
  });

  it("is not read from other lengths or letters", () => {
    for (const text of ["", "K7QF2-9XWM", "K7QF2-9XWMDD", "K7QF2-9XWMU", "K7QF2_9XWMD", "switchyard:join?", "x".repeat(5000)])
      expect(parseInvitation(text)).toBeUndefined();
  });
});

describe("long form", () => {
  const addresses = [
    { host: "192.168.1.20", port: 4711 },
    { host: "fe80::1%eth0", port: 4711 },
    { host: "front-desk.local", port: 4711 },
  ];
  it("carries secret, fingerprint and addresses in one URL-safe string", () => {
    const { text, secret } = longInvitation(new Uint8Array(16).fill(9), inviter.device, addresses);
    expect(text).toMatch(/^switchyard:join\?[A-Za-z0-9_.~%=&-]+$/);
    expect(parseInvitation(text)).toEqual({ form: "long", secret, inviter: inviter.device, addresses });
  });
  it("is refused when cut, and unusable addresses are left out", () => {
    const { text } = longInvitation(new Uint8Array(16), inviter.device, []);
    expect(parseInvitation(text.slice(0, -1))).toBeUndefined();
    expect(parseInvitation(`${text}&a=%ZZ&a=host&a=10.0.0.1%3A70000`)).toMatchObject({ addresses: [] });
  });
  it("reads addresses with and without brackets", () => {
    for (const address of addresses) expect(parseAddress(addressText(address))).toEqual(address);
    for (const text of ["host", "host:0", "host:99999", "[::1]", "a b:1", "::1:80"]) expect(parseAddress(text)).toBeUndefined();
  });
});

describe("proof", () => {
  it("differs by role and by either key", () => {
    const other = newDevice().publicKey;
    const messages = [
      proofMessage("joiner", inviter.publicKey, other),
      proofMessage("inviter", inviter.publicKey, other),
      proofMessage("joiner", other, inviter.publicKey),
    ];
    expect(new Set(messages.map((bytes) => Buffer.from(bytes).toString("hex"))).size).toBe(3);
  });
});

describe("attempts", () => {
  it("are three wrong ones a minute for an address, and no other address waits for it", () => {
    let attempts: Attempts = new Map();
    for (let i = 0; i < 3; i++) {
      expect(mayTry(attempts, "10.0.0.1", i)).toBe(true);
      attempts = afterWrong(attempts, "10.0.0.1", i);
    }
    expect([mayTry(attempts, "10.0.0.1", 3), mayTry(attempts, "10.0.0.2", 3)]).toEqual([false, true]);
    expect(mayTry(attempts, "10.0.0.1", 60_000)).toBe(true);
  });
  it("remember at most 1,000 addresses", () => {
    let attempts: Attempts = new Map();
    for (let i = 0; i < 1200; i++) attempts = afterWrong(attempts, `10.0.${i >> 8}.${i & 255}`, 0);
    expect(attempts.size).toBe(1000);
  });
});
