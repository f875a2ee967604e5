/** A fresh copy that cannot take the database's place: the database stays; where it was set aside already, no empty one is begun. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openProfileDatabase } from "../../main/host/database.ts";
import { copyOf } from "../../main/store/copy.ts";
import { newGate } from "../../main/store/gate.ts";
import { AppError } from "../../shared/errors.ts";
import { epochMs, ORDER_TYPE } from "../property/store-rig.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "switchyard-database-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => path.join(folder, "workspace.db");
const open = () =>
  openProfileDatabase(
    { name: "desk", folder, isDefault: false },
    {
      types: [ORDER_TYPE],
      wall: () => epochMs(Date.UTC(2026, 10, 24)),
      random: (bytes) => Uint8Array.from({ length: bytes }, (_, at) => at),
      machine: "test",
      gate: newGate(),
    },
  );

test("a copy that cannot be read is thrown away, and the database opens as before", () => {
  const first = open();
  const { replica } = first.store;
  first.store.close();
  writeFileSync(copyOf(file()), "no database at all, and long enough for a header of one hundred bytes".repeat(20));
  const { store, notices } = open();
  expect(notices.map(({ code }) => code)).toEqual(["rejoin_failed"]);
  expect([store.replica, existsSync(copyOf(file()))]).toEqual([replica, false]);
  store.close();
});

test("with the database set aside already, the start says so and begins nothing", () => {
  writeFileSync(copyOf(file()), "no database at all, and long enough for a header of one hundred bytes".repeat(20));
  let error: unknown;
  try {
    open().store.close();
  } catch (cause) {
    error = cause;
  }
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: "rejoin_failed" });
  expect([existsSync(file()), existsSync(copyOf(file()))]).toEqual([false, true]);
});
