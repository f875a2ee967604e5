/**
 * What the command line says of the past and of lost things, each as `--json` has it: history, undo, redo, trash, search, status; on a desk
 * without a host and, by processes of their own, on one that runs.
 */
import path from "node:path";
import { expect, test } from "vitest";
import { answer, cli } from "./command-in-process.ts";
import { cli as cliProcess, newProfile, startHub } from "./command-line.ts";

interface Order {
  readonly id: string;
  readonly number: string;
  readonly title: string;
}

interface Line {
  readonly at: number;
  readonly deviceName: string;
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly won: boolean;
}

test("the history of an order names who changed what from what to what, the latest first, at most so many lines", async () => {
  const profile = newProfile();
  const { id } = await answer<Order>(profile, "order", "create", "title=Leak", "priority=low");
  await answer(profile, "order", "set", "A-1", "title=Leaking roof");
  await answer(profile, "order", "set", "A-1", "tags=+roof");
  const lines = await answer<Line[]>(profile, "history", "A-1");
  expect(lines.slice(0, 2)).toMatchObject([
    { field: "tags/roof", to: true, won: true },
    { field: "title", from: "Leak", to: "Leaking roof", won: true },
  ]);
  expect(lines).toContainEqual(expect.objectContaining({ field: "title", from: null, to: "Leak" }));
  expect(lines.every(({ deviceName, at }) => deviceName !== "" && Math.abs(Date.now() - at) < 600_000)).toBe(true);
  expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted((a, b) => b - a));
  expect(await answer(profile, "history", id, "--limit", "1")).toEqual(lines.slice(0, 1));
  expect(await cli(profile, "history", "A-9")).toMatchObject({ status: 1, json: { error: { code: "not_found" } } });
  expect(await cli(profile, "history")).toMatchObject({ status: 2, json: { error: { code: "bad_arguments" } } });
});

test("undo and redo go through this desk's actions, across commands, and say when there is nothing", async () => {
  const profile = newProfile();
  expect(await answer(profile, "undo")).toMatchObject({ undone: false });
  await answer(profile, "order", "create", "title=One");
  await answer(profile, "order", "set", "A-1", "title=Two");
  const title = async () => (await answer<Order>(profile, "order", "get", "A-1")).title;
  expect(await answer(profile, "undo")).toMatchObject({ undone: true, label: expect.any(String), kept: [] });
  expect(await title()).toBe("One");
  expect(await answer(profile, "redo")).toMatchObject({ undone: true });
  expect(await title()).toBe("Two");
  expect(await answer(profile, "redo")).toMatchObject({ undone: false });
  await answer(profile, "undo");
  await answer(profile, "undo");
  expect(await answer(profile, "order", "list")).toEqual([]);
  expect(await answer(profile, "trash")).toMatchObject([{ number: "A-1", deletedAt: expect.any(Number) }]);
  await answer(profile, "redo");
  expect(await answer(profile, "trash")).toEqual([]);
  expect(await title()).toBe("One");
});

test("the trash lists what was deleted, the latest first; a restore takes it out", async () => {
  const profile = newProfile();
  for (const title of ["One", "Two", "Three"]) await answer(profile, "order", "create", `title=${title}`);
  await answer(profile, "order", "delete", "A-1");
  await answer(profile, "order", "delete", "A-3");
  expect((await answer<Order[]>(profile, "trash")).map(({ title }) => title)).toEqual(["Three", "One"]);
  await answer(profile, "order", "restore", "A-3");
  expect((await answer<Order[]>(profile, "trash")).map(({ title }) => title)).toEqual(["One"]);
});

test("orders are found by words, their beginnings and near names, in notes too", async () => {
  const profile = newProfile();
  await answer(profile, "order", "create", "title=Boiler of Schneider leaks");
  await answer(profile, "order", "create", "title=Inspect the roof");
  await answer(profile, "order", "note", "A-2", "The tenant is called Hadersbeck");
  const found = async (...words: readonly string[]) =>
    (await answer<Order[]>(profile, "order", "search", ...words)).map(({ number }) => number);
  expect(await found("boil", "SCHNEI")).toEqual(["A-1"]);
  expect(await found("Schnieder")).toEqual(["A-1"]);
  expect(await found("hadersb")).toEqual(["A-2"]);
  expect(await found("nothing-like-it")).toEqual([]);
  expect(await cli(profile, "order", "search", " ")).toMatchObject({ status: 2, json: { error: { code: "bad_arguments" } } });
});

test("each answers alike as a process beside a running desk, with JSON alone on standard output", { timeout: 120_000 }, async () => {
  const profile = newProfile();
  await startHub(profile);
  const json = async <Shape = Record<string, unknown>>(...words: readonly string[]): Promise<Shape> => {
    const ran = await cliProcess(profile, ...words, "--json");
    expect([words, ran.status, ran.stderr]).toEqual([words, 0, ""]);
    return ran.json as Shape;
  };
  await answer(profile, "order", "create", "title=Pump");
  const then = String(Date.now());
  await answer(profile, "order", "set", "A-1", "title=Valve");
  expect((await json<Line[]>("history", "A-1"))[0]).toMatchObject({ from: "Pump", to: "Valve" });
  expect(await json("undo")).toMatchObject({ undone: true });
  expect(await json("redo")).toMatchObject({ undone: true });
  expect(await json("as-of", then, "order", "get", "A-1")).toMatchObject({ title: "Pump", asOf: Number(then) });
  expect(await json<Order[]>("order", "search", "valv")).toMatchObject([{ number: "A-1" }]);
  expect(await json("trash")).toEqual([]);
  const status = await json("status");
  const verified = await json("verify");
  expect(verified).toMatchObject({ ok: true, fingerprint: status["fingerprint"], words: status["words"] });
  expect(await json("backup", path.join(path.dirname(profile), "copy.db"))).toMatchObject({ verified: true, records: 1 });
});
