/**
 * A desk whose clock is wrong, as processes with a faked clock: set to 2031 its changes are held elsewhere and shown, nothing
 * of theirs wins or is lost; set to 2020 its edits still come after what it knew. Needs Debian's `faketime`.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { answer, cliAt, newProfile, startHub } from "./command-line.ts";

const hasFaketime = spawnSync("faketime", ["--version"]).status === 0;
if (!hasFaketime && process.env["CI"] !== undefined) throw new Error("faketime lacks: apt-get install faketime");
if (!hasFaketime) console.warn("wrong clocks are not tested here: faketime lacks (apt-get install faketime)");

interface Status {
  readonly fingerprint: string;
  readonly peers: readonly { readonly connected: boolean }[];
  readonly held: readonly { readonly name: string; readonly changes: number; readonly until: number }[];
}

interface Order {
  readonly title: string;
  readonly status: string;
  readonly notes: string;
}

const WAIT = { timeout: 60_000, interval: 250 };

/** Two desks of one workspace with the order A-1 on both, the second one stopped. */
const twoDesks = async () => {
  const [office, yard] = [newProfile(), newProfile()];
  const hub = await startHub(office);
  await answer(office, "order", "create", "title=Boiler");
  const { code } = await answer<{ code: string }>(office, "invite");
  const address = `127.0.0.1:${hub.ready.port}`;
  const second = await startHub(yard);
  await answer(yard, "join", code, "--address", address);
  await expect.poll(() => answer(yard, "order", "get", "A-1").catch(() => undefined), WAIT).toMatchObject({ title: "Boiler" });
  await second.stop();
  return { office, yard };
};

const bothConnected = async (desks: readonly string[]): Promise<void> => {
  for (const desk of desks) await expect.poll(() => answer<Status>(desk, "status"), WAIT).toMatchObject({ peers: [{ connected: true }] });
};

describe.skipIf(!hasFaketime)("a desk whose clock", { timeout: 180_000 }, () => {
  test("stands in 2031: its change is kept, held and shown with its name, and what others write stands meanwhile", async () => {
    const { office, yard } = await twoDesks();
    expect((await cliAt("2031-05-01 10:00:00", yard, "order", "set", "A-1", "title=From the future")).status).toBe(0);
    await startHub(yard);
    await bothConnected([office, yard]);
    await expect.poll(() => answer<Status>(office, "status"), WAIT).toMatchObject({ held: [{ changes: 1 }] });
    const [held] = (await answer<Status>(office, "status")).held;
    expect(new Date(held?.until ?? 0).getUTCFullYear()).toBe(2031);
    expect(await answer<Order>(office, "order", "get", "A-1")).toMatchObject({ title: "Boiler" });
    await answer(office, "order", "set", "A-1", "status=in_progress");
    await expect.poll(() => answer<Order>(yard, "order", "get", "A-1"), WAIT).toMatchObject({ status: "in_progress" });
  });

  test("stands in 2020: its edit comes after what it knew, and reaches the others", async () => {
    const { office, yard } = await twoDesks();
    expect((await cliAt("2020-02-01 10:00:00", yard, "order", "set", "A-1", "title=Boiler, second floor")).status).toBe(0);
    await startHub(yard);
    await bothConnected([office, yard]);
    await expect.poll(() => answer<Order>(office, "order", "get", "A-1"), WAIT).toMatchObject({ title: "Boiler, second floor" });
    expect((await answer<Status>(office, "status")).held).toEqual([]);
  });
});
