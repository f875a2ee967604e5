/**
 * A key that only the app can open does not keep the command line from working while the app is closed: who this device is was written
 * down, and only a signature is refused.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { openKey, signerOf } from "../../main/host/device-signer.ts";
import { resolveProfile } from "../../main/host/profile.ts";
import type { KeyWrapper } from "../../main/identity/device-key.ts";
import type { Notebook } from "../../main/store/api.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "sy-signer-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);
const keyStore: KeyWrapper = {
  wrap: async (text) => flip(Buffer.from(text)),
  unwrap: async (bytes) => Buffer.from(flip(bytes)).toString(),
};
const notebook = (): Notebook => {
  const notes = new Map<string, string>();
  return {
    get: (key) => notes.get(key),
    set: (key, value) => {
      if (value === undefined) notes.delete(key);
      else notes.set(key, value);
    },
  };
};

test("a wrapped key is known by its public half where it can't be opened, and signs nothing there", async () => {
  const profile = resolveProfile(folder);
  const notes = notebook();
  const inApp = signerOf(await openKey(profile, keyStore), notes);
  const outside = signerOf(await openKey(profile, undefined), notes);
  expect(outside.device).toBe(inApp.device);
  expect(outside.publicKey).toEqual(inApp.publicKey);
  expect(inApp.sign(new Uint8Array([1]))).toHaveLength(64);
  expect(() => outside.sign(new Uint8Array([1]))).toThrowError(expect.objectContaining({ code: "key_needs_app" }));
  const unknown = await openKey(profile, undefined);
  expect(() => signerOf(unknown, notebook())).toThrowError(expect.objectContaining({ code: "key_needs_app" }));
});
