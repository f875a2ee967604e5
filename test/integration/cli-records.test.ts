/** Records of any collection and fields of each kind on the command line, run as the process it is. */
import { describe, expect, test } from "vitest";
import { cli, newProfile } from "./command-line.ts";

type Json = Record<string, unknown> & { readonly id: string };

const answer = async <T = Json>(profile: string, ...words: readonly string[]): Promise<T> => {
  const ran = await cli(profile, ...words, "--json");
  expect(ran.stderr).toBe("");
  expect(ran.status).toBe(0);
  return ran.json as T;
};
const refusal = async (profile: string, ...words: readonly string[]) => {
  const ran = await cli(profile, ...words, "--json");
  return [ran.status, (ran.json as { readonly error: { readonly code: string; readonly message: string } }).error] as const;
};

describe("a record", () => {
  test("of any collection is made, read, listed, changed, deleted and restored", async () => {
    const profile = newProfile();
    const meier = await answer(profile, "record", "create", "customer", "name=Meier GmbH", "phones=030-123,030-124");
    expect(meier).toMatchObject({ name: "Meier GmbH", phones: ["030-123", "030-124"] });
    const site = await answer(
      profile,
      "record",
      "create",
      "site",
      "customer=Meier",
      "address=Hauptstrasse 1",
      "lat=52.5",
      "accessNotes=Ring twice.",
    );
    expect(site).toMatchObject({ customer: meier.id, lat: 52.5 });
    expect(await answer(profile, "record", "get", site.id)).toMatchObject({ accessNotes: "Ring twice." });
    expect(await answer<Json[]>(profile, "record", "list", "site", "customer=meier gmbh")).toMatchObject([{ id: site.id }]);
    expect(await answer<Json[]>(profile, "record", "list", "site", "address=Elsewhere")).toEqual([]);
    expect(await answer(profile, "record", "set", site.id, "lat=", "address=Hauptstrasse 2")).toMatchObject({
      lat: null,
      address: "Hauptstrasse 2",
    });
    await answer(profile, "record", "delete", site.id);
    expect(await answer<Json[]>(profile, "record", "list", "site")).toEqual([]);
    expect(await answer(profile, "record", "restore", site.id)).toMatchObject({ address: "Hauptstrasse 2" });
    const table = await cli(profile, "record", "list", "customer");
    expect(table.stdout).toContain("Meier GmbH");
  });

  test("takes each kind as it is typed: sets, counters, lists with moves, dates, times, durations", async () => {
    const profile = newProfile();
    const order = await answer(profile, "order", "create", "title=Pump", "checklist=+shut valve,+drain,+refill", "estimatedMinutes=1 h 30");
    expect(order["estimatedMinutes"]).toBe(90);
    const labels = (record: Json) => (record["checklist"] as readonly { readonly label: string }[]).map(({ label }) => label);
    expect(labels(await answer(profile, "record", "set", order.id, "checklist=refill@1,-drain"))).toEqual(["refill", "shut valve"]);
    const use = await answer(profile, "record", "create", "partUse", `workOrder=${String(order["number"])}`, "quantity=5", "from=truck");
    expect(use).toMatchObject({ workOrder: order.id, quantity: 5 });
    expect(await answer(profile, "record", "set", use.id, "quantity=+2")).toMatchObject({ quantity: 7 });
    expect(await answer(profile, "record", "set", use.id, "quantity=-3")).toMatchObject({ quantity: 4 });
    expect(await answer(profile, "record", "set", order.id, "tags=+urgent", "dueBy=2026-11-24T14:30Z")).toMatchObject({
      tags: ["urgent"],
      dueBy: Date.UTC(2026, 10, 24, 14, 30),
    });
    const plan = await answer(profile, "record", "create", "plan", "next=2028-02-29", "rule=FREQ=YEARLY");
    expect(plan).toMatchObject({ next: "2028-02-29", rule: "FREQ=YEARLY" });
  });

  test("says what is wrong with a word", async () => {
    const profile = newProfile();
    const customer = await answer(profile, "record", "create", "customer", "name=Meier");
    expect(await refusal(profile, "record", "list", "cars")).toEqual([
      2,
      { code: "bad_arguments", message: expect.stringContaining("workOrder, visit") },
    ]);
    expect(await refusal(profile, "record", "set", customer.id, "colour=red")).toEqual([
      2,
      { code: "unknown_field", message: expect.stringContaining("It has name") },
    ]);
    expect(await refusal(profile, "record", "create", "plan", "next=2026-02-30")).toEqual([
      2,
      { code: "unusable_value", message: "Next (next): a day like 2026-11-24." },
    ]);
    expect((await refusal(profile, "record", "get", "0198a000-0000-7000-8000-000000000001"))[1]).toMatchObject({ code: "not_found" });
    expect((await refusal(profile, "record", "set", customer.id))[0]).toBe(2);
  });
});
