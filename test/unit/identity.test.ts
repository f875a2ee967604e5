/** The device key on disk: made once, readable by its user alone, kept to its machine, never overwritten. */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecoverySheet, membershipCrypto } from "../../main/identity/crypto.ts";
import { type KeyWrapper, openDeviceKey, setDeviceKeyAside } from "../../main/identity/device-key.ts";
import { identityFromKey } from "../../main/identity/identity.ts";
import { machineHash } from "../../main/identity/machine.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "switchyard-key-")), "profile");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const code = (expected: string) => expect.objectContaining({ code: expected });
const xor = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0x5a);
const wrapper: KeyWrapper = {
  wrap: async (text) => xor(Buffer.from(text)),
  unwrap: async (bytes) => Buffer.from(xor(bytes)).toString("utf8"),
};

describe("device key", () => {
  it("is made at first use, in PEM that only the user can read, and stays the same", async () => {
    const first = await openDeviceKey({ folder });
    expect(first.storage).toBe("file");
    expect(readFileSync(join(folder, "device.key"), "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    for (const file of readdirSync(folder)) expect([file, statSync(join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
    const again = await openDeviceKey({ folder });
    expect([again.device, again.keyPem]).toEqual([first.device, first.keyPem]);
  });

  it("signs what the membership log verifies, and goes to a worker as text", async () => {
    const identity = await openDeviceKey({ folder });
    const copy = identityFromKey(structuredClone({ keyPem: identity.keyPem, storage: identity.storage }));
    const bytes = Buffer.from("a line");
    expect(membershipCrypto.verify(identity.publicKey, bytes, copy.sign(bytes))).toBe(true);
    expect(membershipCrypto.verify(identity.publicKey, Buffer.from("another"), copy.sign(bytes))).toBe(false);
    expect(membershipCrypto.verify(new Uint8Array(91), bytes, copy.sign(bytes))).toBe(false);
    expect(copy.device).toBe(identity.device);
  });

  it("stands in a certificate that it signed itself, with its whole public key", async () => {
    const identity = await openDeviceKey({ folder });
    const certificate = new X509Certificate(identity.certificatePem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(new Uint8Array(certificate.publicKey.export({ type: "spki", format: "der" }))).toEqual(identity.publicKey);
  });

  it("is not used on another machine, and a new device can be made there without losing it", async () => {
    const first = await openDeviceKey({ folder, machine: "here" });
    const before = readFileSync(join(folder, "device.key"));
    await expect(openDeviceKey({ folder, machine: "elsewhere" })).rejects.toEqual(code("key_from_other_machine"));
    expect(readFileSync(join(folder, "device.key"))).toEqual(before);
    const aside = setDeviceKeyAside(folder);
    const second = await openDeviceKey({ folder, machine: "elsewhere" });
    expect(second.device).not.toBe(first.device);
    expect(readFileSync(aside)).toEqual(before);
    expect((await openDeviceKey({ folder, machine: "elsewhere" })).device).toBe(second.device);
    await expect(openDeviceKey({ folder, machine: "here" })).rejects.toEqual(code("key_from_other_machine"));
  });

  it("is not tied to a machine that has no id", async () => {
    const first = await openDeviceKey({ folder, machine: null });
    expect((await openDeviceKey({ folder, machine: "anywhere" })).device).toBe(first.device);
    expect(machineHash()).toEqual(machineHash());
  });

  it("is wrapped where the system's key store is real, and then needs it", async () => {
    const first = await openDeviceKey({ folder, wrapper });
    expect(first.storage).toBe("wrapped");
    expect(readFileSync(join(folder, "device.key"), "latin1")).not.toContain("PRIVATE KEY");
    expect((await openDeviceKey({ folder, wrapper })).device).toBe(first.device);
    await expect(openDeviceKey({ folder })).rejects.toEqual(code("key_needs_app"));
    const locked: KeyWrapper = { ...wrapper, unwrap: () => Promise.reject(new Error("locked")) };
    await expect(openDeviceKey({ folder, wrapper: locked })).rejects.toEqual(code("key_locked"));
  });

  it("stays in its file when the key store comes later", async () => {
    const first = await openDeviceKey({ folder });
    expect(await openDeviceKey({ folder, wrapper })).toMatchObject({ device: first.device, storage: "file" });
  });

  it("is left alone when it is damaged, and says so", async () => {
    await openDeviceKey({ folder });
    for (const file of ["device.key", "device.key.json"]) {
      const intact = readFileSync(join(folder, file));
      for (const content of ["", "garbage", intact.subarray(0, intact.length / 2)]) {
        writeFileSync(join(folder, file), content);
        await expect(openDeviceKey({ folder })).rejects.toEqual(code("key_damaged"));
        expect(readFileSync(join(folder, file))).toEqual(Buffer.from(content));
      }
      writeFileSync(join(folder, file), intact);
    }
  });

  it("is made again after a start that died before it had one", async () => {
    await openDeviceKey({ folder, machine: "here" });
    rmSync(join(folder, "device.key"));
    await expect(openDeviceKey({ folder, machine: "here" })).resolves.toHaveProperty("device");
  });
});

describe("recovery sheet", () => {
  it("is a key pair whose secret half is given out and nowhere kept", () => {
    const sheet = createRecoverySheet();
    expect(sheet.publicKey).toHaveLength(91);
    expect(identityFromKey({ keyPem: pemOf(sheet.secret), storage: "file" }).publicKey).toEqual(sheet.publicKey);
  });
});

const pemOf = (secret: string): string => {
  const lines =
    Buffer.from(secret, "base64url")
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
};
