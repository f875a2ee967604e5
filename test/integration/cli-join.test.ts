/**
 * Inviting and joining by the command line alone, between real processes over loopback: into a running host and into none, with a wrong
 * code, a used one, and onto a desk that holds work.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { answer, cli, newProfile, startHub } from "./command-line.ts";

interface Invitation {
  readonly code: string;
}

test("a desk without a running host joins, takes everything in before it ends, and works offline from then on", async () => {
  const [office, yard] = [newProfile(), newProfile()];
  const hub = await startHub(office, "--demo");
  const { code } = await answer<Invitation>(office, "invite");
  const joined = await answer(yard, "join", code, "--address", `127.0.0.1:${hub.ready.port}`);
  expect(joined).toEqual({ workspace: hub.ready.workspace, device: expect.any(String), inviter: expect.any(String) });
  await hub.stop();
  expect(await answer<unknown[]>(yard, "order", "list")).toHaveLength(200);
  expect(await answer(yard, "order", "create", "title=From the yard")).toMatchObject({ number: "AA-1" });
  expect(await answer(yard, "status")).toMatchObject({ workspace: hub.ready.workspace, unseen: 1 });
});

test("a running desk without work of its own joins, and each sees the other's edits", async () => {
  const [office, yard] = [newProfile(), newProfile()];
  const [hub] = [await startHub(office, "--demo"), await startHub(yard)];
  const { code } = await answer<Invitation>(office, "invite");
  await answer(yard, "join", code, "--address", `127.0.0.1:${hub.ready.port}`);
  const fingerprint = async (profile: string): Promise<unknown> => (await answer(profile, "status"))["fingerprint"];
  await expect.poll(async () => (await fingerprint(yard)) === (await fingerprint(office)), { timeout: 60_000, interval: 500 }).toBe(true);
  await answer(yard, "order", "set", "A-42", "status=in_progress");
  await expect.poll(async () => (await answer(office, "order", "get", "A-42"))["status"], { timeout: 60_000 }).toBe("in_progress");
  await answer(office, "order", "note", "A-42", "Need replacement part");
  await expect.poll(async () => (await answer(yard, "order", "get", "A-42"))["notes"], { timeout: 60_000 }).toBe("Need replacement part");
});

test("a used code, a wrong one and a desk with work of its own are refused, and nothing is touched", async () => {
  const [office, yard, other, busy] = [newProfile(), newProfile(), newProfile(), newProfile()];
  const hub = await startHub(office);
  const address = `127.0.0.1:${hub.ready.port}`;
  const { code } = await answer<Invitation>(office, "invite");
  await answer(yard, "join", code, "--address", address);
  const used = await cli(other, "join", code, "--address", address, "--json");
  expect([used.status, used.json]).toEqual([1, { error: { code: expect.any(String), message: expect.any(String) } }]);
  await answer(office, "invite");
  const wrong = await cli(other, "join", "AAAAA-AAAAA", "--address", address, "--json");
  expect([wrong.status, wrong.json]).toEqual([1, { error: { code: expect.any(String), message: expect.any(String) } }]);
  await answer(busy, "order", "create", "title=Mine");
  const refused = await cli(busy, "join", (await answer<Invitation>(office, "invite")).code, "--address", address, "--json");
  expect([refused.status, refused.json]).toEqual([1, { error: { code: "workspace_not_empty", message: expect.any(String) } }]);
  expect(await answer<unknown[]>(busy, "order", "list")).toMatchObject([{ title: "Mine" }]);
});

test("a desk whose disk was rolled back goes on as a new replica, and both desks end up with all of it", async () => {
  const [office, yard] = [newProfile(), newProfile()];
  const hub = await startHub(office);
  const { code } = await answer<Invitation>(office, "invite");
  await answer(yard, "join", code, "--address", `127.0.0.1:${hub.ready.port}`);
  await answer(yard, "order", "create", "title=Before");
  // Written over in place, as a restored disk image does: the copy token beside the database goes back with it and notices nothing.
  const files = ["workspace.db", "workspace.db.token"].map((name) => path.join(yard, name));
  const oldReplica = (await answer(yard, "status"))["replica"];
  const backThen = files.map((file) => readFileSync(file));
  const yardHub = await startHub(yard);
  await answer(yard, "order", "create", "title=Lost here, known there");
  const titles = async (profile: string): Promise<unknown[]> =>
    (await answer<{ title: string }[]>(profile, "order", "list")).map(({ title }) => title).toSorted();
  await expect.poll(() => titles(office), { timeout: 60_000 }).toEqual(["Before", "Lost here, known there"]);
  await yardHub.stop();
  files.forEach((file, at) => {
    rmSync(`${file}-wal`, { force: true });
    rmSync(`${file}-shm`, { force: true });
    writeFileSync(file, backThen[at] ?? "");
  });
  await startHub(yard);
  await expect.poll(async () => (await answer(yard, "status"))["replica"], { timeout: 60_000 }).not.toBe(oldReplica);
  await answer(yard, "order", "create", "title=After");
  const all = ["After", "Before", "Lost here, known there"];
  await expect.poll(() => titles(yard), { timeout: 60_000 }).toEqual(all);
  await expect.poll(() => titles(office), { timeout: 60_000 }).toEqual(all);
});
