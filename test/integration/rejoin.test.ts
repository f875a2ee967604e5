/**
 * The whole life of a deletion with real processes: three desks, one of them away for long; the two purge without it; it comes back with
 * work of its own, one piece of it on an order that is gone for good, takes a fresh copy, and nothing that was written is lost.
 */
import { readdirSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { PurgeReport } from "../../shared/ipc/answers.ts";
import { answer, cli, type Hub, newProfile, startHub } from "./command-line.ts";

interface Status {
  readonly device: string;
  readonly replica: string;
  readonly fingerprint: string;
  readonly records: number;
  readonly peers: readonly { readonly device: string; readonly name: string; readonly connected: boolean }[];
}
interface Order {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly notes?: string;
  readonly returnedFrom?: string;
}

const PATIENCE_MS = 90_000;
const hubs: Hub[] = [];
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.kill()));
});

const hubOf = async (profile: string): Promise<Hub> => {
  const hub = await startHub(profile);
  hubs.push(hub);
  return hub;
};

const until = async <T>(what: string, ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> => {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask();
    if (isGood(found)) return found;
    if (performance.now() > deadline) throw new Error(`in vain: ${what}; at last ${JSON.stringify(found, null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

const statusOf = (profile: string): Promise<Status> => answer<Status>(profile, "status");
const same = (what: string, ...profiles: readonly string[]): Promise<readonly Status[]> =>
  until(
    what,
    () => Promise.all(profiles.map(statusOf)),
    (all) => all.every(({ fingerprint, records }) => fingerprint === all[0]?.fingerprint && records === all[0]?.records),
  );
const create = (profile: string, title: string): Promise<Order> => answer<Order>(profile, "order", "create", `title=${title}`);

describe("a desk that was away while deleted orders were purged", () => {
  test("takes a fresh copy, and what was written on it is in it, also on what is gone", { timeout: 600_000 }, async () => {
    const [office, yard, van] = [newProfile(), newProfile(), newProfile()];
    const officeHub = await hubOf(office);
    const join = async (profile: string): Promise<Hub> => {
      await cli(profile, "status");
      const { code } = await answer<{ code: string }>(office, "invite");
      await answer(profile, "join", code, "--address", `127.0.0.1:${officeHub.ready.port}`);
      return hubOf(profile);
    };
    const gone = await create(office, "Replace the pump");
    const alsoGone = await create(office, "Never mind");
    const stays = await create(office, "Check the boiler");
    await join(yard);
    const vanHub = await join(van);
    await same("three desks with three orders", office, yard, van);

    await vanHub.stop();
    await answer(office, "order", "delete", gone.number);
    await answer(office, "order", "delete", alsoGone.number);
    await answer(yard, "order", "set", stays.number, "title=Check the boiler twice");
    await same("the deletion on both", office, yard);

    // On the van, in the meantime: an edit and a note of what is deleted elsewhere, an edit of what is not, a new order.
    await answer(van, "order", "set", gone.number, "title=Replace the pump and the seal");
    await answer(van, "order", "note", gone.number, "The seal is worn too.");
    await answer(van, "order", "set", stays.number, "description=Ask for Mrs Weber");
    const made = await create(van, "Found on the way");

    const waiting = await until(
      "the yard has acknowledged the deletion",
      () => answer<PurgeReport>(office, "purge", "--dry-run", "--days", "0"),
      ({ waits }) => waits.length === 2 && waits.every(({ desks }) => desks.length === 1),
    );
    const vanDevice = vanHub.ready.device;
    expect(waiting).toMatchObject({ purged: 0, goes: [] });
    expect(waiting.waits.map(({ name, desks }) => [name, desks.map(({ device }) => device)])).toEqual([
      [gone.number, [vanDevice]],
      [alsoGone.number, [vanDevice]],
    ]);
    expect((await answer<PurgeReport>(office, "purge", "--days", "0")).purged).toBe(0);
    expect((await answer<PurgeReport>(office, "purge", "--dry-run")).waits.map(({ reason }) => reason)).toEqual(["recent", "recent"]);

    const purged = await answer<PurgeReport>(office, "purge", "--days", "0", "--without", vanDevice);
    expect(purged).toMatchObject({ purged: 2, waits: [] });
    expect(purged.away.map(({ device }) => device)).toEqual([vanDevice]);
    expect(await answer<readonly Order[]>(office, "trash")).toEqual([]);
    await same("purging changes no fingerprint", office, yard);

    const before = await statusOf(van);
    const back = await hubOf(van);
    const [, , after] = await same("all three together again", office, yard, van);
    expect(after?.replica).not.toBe(before.replica);
    expect(back.log()).toContain("came back as new one");
    expect(back.log()).toContain("it took a fresh copy from");

    const orders = await answer<readonly Order[]>(office, "order", "list");
    expect(orders.map(({ title }) => title).toSorted()).toEqual([
      "Check the boiler twice",
      "Found on the way",
      "Replace the pump and the seal",
    ]);
    const returned = await answer<Order>(office, "order", "get", gone.number);
    expect(returned.id).not.toBe(gone.id);
    expect(returned.notes).toContain("The seal is worn too.");
    expect((await answer<Order & { description: string }>(yard, "order", "get", stays.number)).description).toBe("Ask for Mrs Weber");
    expect((await answer<Order>(yard, "order", "get", made.number)).title).toBe("Found on the way");
    expect((await cli(office, "order", "get", gone.id)).status).toBe(1);
    expect((await create(van, "After the copy")).number).toMatch(new RegExp(`^${made.number.split("-")[0]}-`));
    await same("an order written after the copy", office, yard, van);
    expect(readdirSync(van).filter((name) => name.includes(".before-copy-") && !/-(wal|shm)$|token$/.test(name))).toHaveLength(1);
    expect((await answer<{ ok: boolean }>(van, "verify")).ok).toBe(true);
    expect((await answer<{ ok: boolean }>(office, "verify")).ok).toBe(true);
  });
});
