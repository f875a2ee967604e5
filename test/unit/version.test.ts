/** The version that peers and the board are told is the package's. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { VERSION } from "../../main/host/version.ts";

test("the version told to peers is the one in package.json", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { readonly version: string };
  expect(VERSION).toBe(version);
});
