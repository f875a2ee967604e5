/**
 * Files into a real store through the desk: one action that undo takes back, progress, cancel, a second import that changes
 * instead of doubling, rows that the store refuses, and the whole files of Boston and Zurich where they are.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { ImportPreview, RecordData } from "../../shared/ipc/answers.ts";
import type { Input } from "../../shared/ipc/contract.ts";
import { openTestDesk, type TestDesk } from "./desk-fixture.ts";

type MapInput = Input<"import.run">["map"];

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const fixture = (name: string): Uint8Array => readFileSync(path(`../fixtures/import/${name}`));
const whole = (name: string): string => path(`../../../shared/sample-data/${name}`);
const text = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join("\n"));

const desks: TestDesk[] = [];
const newDesk = async (): Promise<TestDesk> => {
  const desk = await openTestDesk();
  desks.push(desk);
  return desk;
};
afterEach(() => {
  for (const desk of desks.splice(0)) desk.close();
});

const upload = async (desk: TestDesk, bytes: Uint8Array, name = "list.csv"): Promise<string> =>
  (await desk.call("import.upload", { name, bytes })).token;
const mapOf = (preview: ImportPreview): MapInput => preview.map as MapInput;
const run = async (desk: TestDesk, bytes: Uint8Array, map: MapInput = null) => {
  const token = await upload(desk, bytes);
  const preview = await desk.call("import.check", { token, map });
  return desk.call("import.run", { token, map: mapOf(preview) });
};
const orders = (desk: TestDesk): Promise<readonly RecordData[]> => desk.call("order.list", {});
const records = (desk: TestDesk, collection: string): readonly RecordData[] => desk.store.rows([collection as RecordData["collection"]]);

describe("an import", () => {
  it("is one action: numbers, customers and sites made once, taken back by one undo", async () => {
    const desk = await newDesk();
    const before = (await orders(desk)).length;
    const result = await run(desk, fixture("eight-faults.csv"));
    expect(result).toMatchObject({ rows: 10, imported: 5, cancelled: false });
    expect(result.bad.map(({ line }) => line)).toEqual([5, 7, 9, 10, 11]);
    const made = await orders(desk);
    expect(made).toHaveLength(before + 5);
    expect(new Set(made.map(({ number }) => number)).size).toBe(made.length);
    const abrams = records(desk, "customer").filter(({ name }) => name === "Abrams");
    expect(abrams).toHaveLength(1);
    expect(made.filter(({ customer }) => customer === abrams[0]?.id)).toHaveLength(2);
    expect(records(desk, "site").filter(({ address }) => String(address).startsWith("12"))).toHaveLength(1);

    if (result.action === null) throw new Error("nothing was written");
    expect(await desk.call("undo", { action: result.action })).toMatchObject({ undone: true });
    expect(await orders(desk)).toHaveLength(before);
    expect(records(desk, "customer").filter(({ name }) => name === "Abrams")).toHaveLength(0);
  });

  it("checks without writing, again with another map, and tells how far it is", async () => {
    const desk = await newDesk();
    const token = await upload(desk, fixture("boston-excerpt.csv"));
    const seq = desk.store.ownSeq();
    const first = await desk.call("import.check", { token, map: null });
    expect(first).toMatchObject({ rows: 26, ready: 26, bad: [] });
    const second = await desk.call("import.check", { token, map: { type: "workOrder", fields: { title: { column: "type" } } } });
    expect(second.columns.find(({ header }) => header === "type")?.field).toBe("title");
    expect(desk.store.ownSeq()).toBe(seq);
    expect(desk.of("import.progress").at(-1)).toMatchObject({ token, phase: "checking", done: 26, total: 26 });
  });

  it("twice with a key changes orders instead of doubling them, and writes nothing when nothing changed", async () => {
    const desk = await newDesk();
    const file = (status: string): Uint8Array => text(["Id,Title,Status", `1,Pump,${status}`, "2,Pipe,Open"]);
    await run(desk, file("Open"));
    const count = (await orders(desk)).length;
    const seq = desk.store.ownSeq();
    expect(await run(desk, file("Open"))).toMatchObject({ imported: 2, action: null });
    expect(desk.store.ownSeq()).toBe(seq);
    expect(await run(desk, file("Closed"))).toMatchObject({ imported: 2, bad: [] });
    const now = await orders(desk);
    expect(now).toHaveLength(count);
    expect(now.filter(({ externalRef }) => externalRef === "1").map(({ status }) => status)).toEqual(["closed"]);
  });

  it("keeps texts as notes that merge, and reads them back", async () => {
    const desk = await newDesk();
    await run(desk, text(["Title,Notes", 'Pump,"Klingel defekt,\nbitte rufen"']));
    const made = (await orders(desk)).find(({ title }) => title === "Pump");
    expect((await desk.call("order.get", { order: String(made?.id) }))["notes"]).toBe("Klingel defekt,\nbitte rufen");
  });

  it("stopped half-way keeps what is written, and one undo takes that back", async () => {
    const desk = await newDesk();
    const before = (await orders(desk)).length;
    const token = await upload(desk, text(["Title", ...Array.from({ length: 3_000 }, (_, i) => `Row ${i}`)]));
    desk.listen(({ name, data }) => {
      if (name === "import.progress" && "phase" in data && data.phase === "writing") void desk.call("import.cancel", { token });
    });
    const result = await desk.call("import.run", { token, map: { type: "workOrder", fields: { title: { column: "Title" } } } });
    expect(result.cancelled).toBe(true);
    expect(result.imported).toBeGreaterThan(0);
    expect(result.imported).toBeLessThan(3_000);
    expect(await orders(desk)).toHaveLength(before + result.imported);
    if (result.action === null) throw new Error("nothing was written");
    await desk.call("undo", { action: result.action });
    expect(await orders(desk)).toHaveLength(before);
  });

  it("is refused without a title, for a file that is gone, and twice at once", async () => {
    const desk = await newDesk();
    const token = await upload(desk, fixture("zuerich-excerpt.csv"));
    await expect(desk.call("import.check", { token, map: null }, "command-line")).rejects.toMatchObject({ code: "no_title" });
    expect((await desk.call("import.check", { token, map: null }, "window")).ready).toBe(0);
    await expect(desk.call("import.run", { token, map: null })).rejects.toMatchObject({ code: "no_title" });
    await expect(desk.call("import.run", { token: "gone", map: null })).rejects.toMatchObject({ code: "no_such_file" });
    const map: MapInput = { type: "workOrder", fields: { title: { column: "Kategorie" } } };
    const once = desk.call("import.run", { token, map });
    await expect(desk.call("import.run", { token, map })).rejects.toMatchObject({ code: "import_running" });
    expect((await once).imported).toBe(32);
  });
});

describe("the whole files", () => {
  it.skipIf(!existsSync(whole("boston-311-2019.csv")))(
    "of Boston: 8,928 requests, again without doubling",
    { timeout: 300_000 },
    async () => {
      const desk = await newDesk();
      const bytes = readFileSync(whole("boston-311-2019.csv"));
      const map: MapInput = {
        ...((await desk.call("import.check", { token: await upload(desk, bytes), map: null })).map as object),
        zone: "America/New_York",
      };
      const first = await run(desk, bytes, map);
      expect(first.imported + new Set(first.bad.map(({ line }) => line)).size).toBe(8_928);
      expect(await orders(desk)).toHaveLength(first.imported);
      expect(await run(desk, bytes, map)).toMatchObject({ imported: first.imported, action: null });
      expect(await orders(desk)).toHaveLength(first.imported);
    },
  );

  it.skipIf(!existsSync(whole("zuerich-meldungen-2024-2025.csv")))(
    "of Zurich: 22,364 reports, equal ones apart",
    { timeout: 300_000 },
    async () => {
      const desk = await newDesk();
      const map: MapInput = {
        type: "workOrder",
        encoding: "windows-1252",
        delimiter: ";",
        zone: "Europe/Zurich",
        fields: {
          title: { template: "{Kategorie} {Meldedatum}" },
          tags: { column: "Kategorie" },
          requestedFrom: { column: "Meldedatum", format: "dd.MM.yyyy" },
        },
      };
      const result = await run(desk, readFileSync(whole("zuerich-meldungen-2024-2025.csv")), map);
      expect(result).toMatchObject({ rows: 22_364, imported: 22_364, bad: [] });
      const made = await orders(desk);
      expect(made).toHaveLength(22_364);
      expect(made.some(({ title }) => String(title).startsWith("Grünflächen/Spielplätze"))).toBe(true);
    },
  );
});
