/**
 * The command line without a running host, as a script meets it: every row of its table, JSON alone on standard output, exit status 2 for
 * what was typed wrong and 1 for what went wrong.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { answer, cli, newProfile } from "./command-line.ts";

interface Order {
  readonly id: string;
  readonly number: string;
  readonly [field: string]: unknown;
}

describe("a fresh profile", () => {
  test("becomes an empty workspace by the first command", async () => {
    const profile = newProfile();
    const status = await answer(profile, "status");
    expect(status).toMatchObject({ records: 0, peers: [], unseen: 0 });
    expect(status["workspace"]).toMatch(/^[\w-]{43}$/);
    expect(status["device"]).toMatch(/^[\w-]{43}$/);
    expect(status["replica"]).toMatch(/^[0-9a-f]{32}$/);
    expect(status["fingerprint"]).toMatch(/^[0-9a-f]{32}$/);
    expect(await answer(profile, "status")).toEqual(status);
  });
});

describe("orders", () => {
  test("are made, changed, noted, found, deleted, restored and undone", async () => {
    const profile = newProfile();
    const made = await answer<Order>(profile, "order", "create", "title=Replace pump", "tags=b,a", "estimatedMinutes=90");
    expect(made).toMatchObject({
      number: "A-1",
      collection: "workOrder",
      title: "Replace pump",
      status: "new",
      tags: ["a", "b"],
      estimatedMinutes: 90,
      notes: "",
      visits: [],
      site: null,
    });
    const set = await answer<Order>(
      profile,
      "order",
      "set",
      "1",
      "tags=+c,-a",
      "estimatedMinutes=",
      "priority=high",
      "status=on_hold",
      "holdReason=parts",
    );
    expect(set).toMatchObject({ tags: ["b", "c"], estimatedMinutes: null, priority: "high", status: "on_hold" });
    await answer(profile, "order", "note", "A-1", "First paragraph");
    const noted = await answer<Order>(profile, "order", "note", made.id, "- second, begins with a dash");
    expect(String(noted["notes"])).toMatch(/^First paragraph\n+- second, begins with a dash$/);
    expect(await answer(profile, "order", "get", "A-1")).toEqual(noted);
    expect(await answer(profile, "order", "list", "--status", "on_hold")).toMatchObject([{ number: "A-1" }]);
    expect(await answer(profile, "order", "list", "--status", "new")).toEqual([]);
    await answer(profile, "order", "delete", "A-1");
    expect(await answer(profile, "order", "list")).toEqual([]);
    expect(await answer(profile, "trash")).toMatchObject([{ id: made.id }]);
    expect(await answer(profile, "order", "restore", "A-1")).toEqual(noted);
    expect(await answer(profile, "undo")).toMatchObject({ undone: true });
    expect(await answer(profile, "order", "list")).toEqual([]);
  });

  test("are assigned to a technician at a time", async () => {
    const profile = newProfile();
    expect(await answer(profile, "technician", "list")).toEqual([]);
    await answer(profile, "order", "create", "title=Leak");
    const nobody = await cli(profile, "order", "assign", "A-1", "Nobody", "--json");
    expect(nobody.status).toBe(1);
    expect(nobody.json).toMatchObject({ error: { message: expect.stringContaining("Nobody") } });
  });
});

describe("a file", () => {
  const csv = ["Nummer;Titel;Wunschdatum", "7;Pumpe tauschen;24.11.2026", "8;Hahn tropft;gestern", "9;Rohr frei;25.11.2026", ""].join(
    "\r\n",
  );
  const map = {
    type: "workOrder",
    zone: "Europe/Berlin",
    key: "Nummer",
    fields: { title: { column: "Titel" }, requestedFrom: { column: "Wunschdatum", format: "dd.MM.yyyy" } },
  };

  test("is checked, imported as one action with its bad rows named, updated by its key and taken back", async () => {
    const profile = newProfile();
    await answer(profile, "status");
    const [file, mapFile] = [path.join(profile, "orders.csv"), path.join(profile, "map.json")];
    writeFileSync(file, csv);
    writeFileSync(mapFile, JSON.stringify(map));
    const bad = [{ line: 3, column: "Wunschdatum", reason: expect.any(String) }];
    const words = ["import", file, "--map", mapFile];
    expect(await answer(profile, ...words, "--dry-run")).toMatchObject({ rows: 3, imported: 0, bad, action: null });
    expect(await answer(profile, "order", "list")).toEqual([]);
    expect(await answer(profile, ...words)).toMatchObject({ rows: 3, imported: 2, bad, action: expect.any(String) });
    expect(await answer(profile, "order", "list")).toMatchObject([{ title: "Pumpe tauschen" }, { title: "Rohr frei" }]);
    writeFileSync(file, csv.replace("Rohr frei", "Rohr verstopft"));
    await answer(profile, ...words);
    expect(await answer(profile, "order", "list")).toMatchObject([{ title: "Pumpe tauschen" }, { title: "Rohr verstopft" }]);
    await answer(profile, "undo");
    await answer(profile, "undo");
    expect(await answer(profile, "order", "list")).toEqual([]);
  });

  test("without a map is guessed, and what was guessed is said; without a title it is refused as unusable", async () => {
    const profile = newProfile();
    await answer(profile, "status");
    const file = path.join(profile, "orders.csv");
    writeFileSync(file, "Title,Priority\nReplace pump,high\n");
    const ran = await cli(profile, "import", file, "--json");
    expect([ran.status, ran.json]).toEqual([0, expect.objectContaining({ rows: 1, imported: 1, bad: [] })]);
    expect(ran.stderr).toContain("guessed: ");
    expect(await answer(profile, "order", "get", "A-1")).toMatchObject({ title: "Replace pump", priority: "high" });
    writeFileSync(file, "Colour\nred\n");
    const refused = await cli(profile, "import", file, "--json");
    expect([refused.status, refused.json]).toEqual([2, { error: { code: "no_title", message: expect.any(String) } }]);
  });
});

describe("what was typed wrong ends with 2 and changes nothing", () => {
  test.each([
    [["order", "frobnicate"], "unknown_command"],
    [["frobnicate"], "unknown_command"],
    [["order", "get"], "bad_arguments"],
    [["order", "get", "A-1", "A-2"], "bad_arguments"],
    [["order", "list", "--limit", "many"], "bad_arguments"],
    [["order", "list", "--status", "lost"], "bad_arguments"],
    [["order", "list", "--port", "1"], "bad_arguments"],
    [["status", "--frob"], "bad_arguments"],
    [["order", "create", "title"], "bad_arguments"],
    [["order", "create", "title=a", "title=b"], "bad_arguments"],
    [["order", "create", "title=a", "tags=+a,b"], "bad_arguments"],
    [["hub", "--port", "70000"], "bad_arguments"],
    [["import", "nothing.csv", "--map", "nothing.json"], "bad_map"],
  ])("%j", async (words, code) => {
    const profile = newProfile();
    const ran = await cli(profile, ...words, "--json");
    expect(ran.status).toBe(2);
    expect(ran.json).toEqual({ error: { code, message: expect.any(String) } });
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
  });

  test("an unknown field or an unusable value", async () => {
    const profile = newProfile();
    await answer(profile, "order", "create", "title=Leak");
    for (const [word, code] of [
      ["colour=red", "unknown_field"],
      ["status=lost", "unusable_value"],
      ["estimatedMinutes=soon", "unusable_value"],
    ] as const) {
      const ran = await cli(profile, "order", "set", "A-1", word, "--json");
      expect([ran.status, ran.json]).toEqual([2, { error: { code, message: expect.any(String) } }]);
    }
    expect(await answer(profile, "order", "get", "A-1")).toMatchObject({ status: "new", estimatedMinutes: null });
  });

  test("a profile that can't be one", async () => {
    const ran = await cli("a:b", "status", "--json");
    expect([ran.status, ran.json]).toEqual([2, { error: { code: "bad_profile_name", message: expect.any(String) } }]);
  });
});

describe("what went wrong ends with 1", () => {
  test("with a sentence on standard error alone, or JSON too when asked", async () => {
    const profile = newProfile();
    const plain = await cli(profile, "order", "get", "A-77");
    expect([plain.status, plain.stdout]).toEqual([1, ""]);
    expect(plain.stderr).toContain("A-77");
    const asked = await cli(profile, "order", "get", "A-77", "--json");
    expect([asked.status, asked.json]).toEqual([1, { error: { code: "not_found", message: plain.stderr.trim() } }]);
  });

  test("an invitation without a running host says how to start one", async () => {
    const ran = await cli(newProfile(), "invite", "--json");
    expect(ran.status).toBe(1);
    expect(ran.json).toEqual({ error: { code: "host_not_running", message: expect.stringContaining("hub") } });
  });

  test("a profile where nothing can be written", async () => {
    const file = newProfile();
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, "");
    const ran = await cli(path.join(file, "below"), "status", "--json");
    expect([ran.status, ran.json]).toEqual([1, { error: { code: "profile_not_writable", message: expect.any(String) } }]);
  });
});

describe("help", () => {
  test("is given for all commands and for each, on standard output, and touches no profile", async () => {
    const all = await cli(newProfile(), "--help");
    expect(all.status).toBe(0);
    for (const name of [
      "hub",
      "status",
      "invite",
      "join CODE",
      "order list",
      "order search TEXT",
      "order assign ID TECHNICIAN",
      "technician list",
      "import FILE",
      "undo",
    ])
      expect(all.stdout).toContain(`  ${name}`);
    const one = await cli(newProfile(), "order", "assign", "--help");
    expect(one.stdout).toContain("--minutes N");
    const group = await cli(newProfile(), "order", "--help");
    expect([group.status, group.stdout]).toEqual([0, expect.stringContaining("order set ID field=value…")]);
    const none = await cli(newProfile());
    expect([none.status, none.stdout]).toEqual([2, ""]);
  });
});

test("several commands at once on one profile wait for each other", async () => {
  const profile = newProfile();
  await answer(profile, "status");
  const made = await Promise.all(["One", "Two", "Three"].map((title) => answer<Order>(profile, "order", "create", `title=${title}`)));
  expect(made.map(({ number }) => number).toSorted()).toEqual(["A-1", "A-2", "A-3"]);
});
