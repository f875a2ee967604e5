/**
 * A disk rolled back in place, write-ahead log and copy token with it, and written to before any desk is met: real files, real processes.
 * The desk goes on as a new replica; what it wrote before and after under the same numbers reaches every desk, and counts as unseen until
 * one holds it.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { convergence, TestDesk, until } from "./sync-desks.ts";

const desks: TestDesk[] = [];
const start = async (name: string): Promise<TestDesk> => {
  const desk = await TestDesk.start(name);
  desks.push(desk);
  return desk;
};
afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.end()));
});

const filesOf = ({ folder }: TestDesk): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith("store.db") && !name.endsWith("-shm"));

/** The desk's disk as it is; it must not run. */
const imageOf = (desk: TestDesk): string => {
  const image = join(desk.folder, "image");
  mkdirSync(image);
  for (const name of filesOf(desk)) copyFileSync(join(desk.folder, name), join(image, name));
  return image;
};

/** Written over in place, as a restored disk is: nothing in the files says so. */
const rollBack = (desk: TestDesk, image: string): void => {
  rmSync(join(desk.folder, "store.db-shm"), { force: true });
  for (const name of filesOf(desk)) if (!existsSync(join(image, name))) rmSync(join(desk.folder, name));
  for (const name of readdirSync(image)) writeFileSync(join(desk.folder, name), readFileSync(join(image, name)));
};

const seen = (desk: TestDesk, record: string): Promise<unknown> =>
  until(
    `${desk.name} has ${record}`,
    () => desk.row(record),
    (row) => row !== null,
  );

describe("a disk that was rolled back in place and written to", { timeout: 120_000 }, () => {
  /** Its first life reached the office; its second, with as many numbers or more, nobody yet. */
  const secondLife = async (yard: TestDesk, office: TestDesk, first: number, second: number, away?: TestDesk): Promise<string> => {
    await office.ask({ do: "found" });
    await office.ask({ do: "fill", prefix: "order", count: 40 });
    await office.admit(yard);
    if (away !== undefined) {
      await office.admit(away);
      await convergence([away], 40);
      await away.kill();
    }
    await convergence([office, yard], 40);
    await yard.ask({ do: "put", record: "order-1", field: "title", value: "Before" });
    await until(
      "all is seen",
      () => yard.state(),
      ({ unseen }) => unseen === 0,
    );
    const { replica } = await yard.state();
    await yard.kill();
    const image = imageOf(yard);
    await yard.restart();
    for (let n = 0; n < first; n++) await yard.ask({ do: "put", record: `first-${n}`, field: "title", value: "First life" });
    await yard.ask({ do: "put", record: "order-2", field: "title", value: "First life" });
    await seen(office, `first-${first - 1}`);
    await until(
      "the last of it",
      () => office.row("order-2"),
      (row) => row?.["title"] === "First life",
    );
    await yard.kill();
    rollBack(yard, image);
    office.signal("SIGSTOP");
    await yard.restart();
    expect((await yard.state()).replica).toBe(replica);
    for (let n = 0; n < second; n++) await yard.ask({ do: "put", record: `second-${n}`, field: "title", value: "Second life" });
    await yard.ask({ do: "put", record: "order-3", field: "title", value: "Second life" });
    expect((await yard.state()).unseen).toBe(second + 1);
    return replica;
  };

  /** It has been told, and starts again; `alone`: before anybody is met. */
  const startAnew = async (yard: TestDesk, replica: string, alone: () => Promise<void>): Promise<void> => {
    await until(
      "it learns of its other life",
      () => yard.state(),
      ({ forked }) => forked,
    );
    await yard.kill();
    await alone();
    await yard.restart();
    expect((await yard.state()).replica).not.toBe(replica);
  };

  const allSeen = (desk: TestDesk): Promise<unknown> =>
    until(
      "nothing is unseen any more",
      () => desk.state(),
      ({ unseen }) => unseen === 0,
    );

  test.each([
    ["fewer", 4, 2],
    ["more", 2, 4],
  ])("%s changes than it had made before: both desks come to hold both lives", async (_what, first, second) => {
    const [office, yard] = await Promise.all([start("office"), start("yard")]);
    const replica = await secondLife(yard, office, first, second);
    office.signal("SIGCONT");
    await startAnew(yard, replica, async () => office.signal("SIGSTOP"));
    // The office lacks them, whatever its vector says of the old replica.
    expect((await yard.state()).unseen).toBe(second + 1);
    await yard.ask({ do: "put", record: "order-4", field: "title", value: "As a new replica" });
    expect((await yard.state()).unseen).toBe(second + 2);
    office.signal("SIGCONT");
    await convergence([office, yard], 40 + first + second);
    await allSeen(yard);
    for (const desk of [office, yard]) {
      const titles = await Promise.all([1, 2, 3, 4].map(async (n) => (await desk.row(`order-${n}`))?.["title"]));
      expect(titles).toEqual(["Before", "First life", "Second life", "As a new replica"]);
      expect((await desk.row("second-0"))?.["title"]).toBe("Second life");
    }
    const { status } = await office.state();
    expect(status?.peers.map(({ problem }) => problem)).toEqual([null]);
  });

  test("a third desk meets only the second life at first: all three come to hold both", async () => {
    const [office, yard, depot] = await Promise.all([start("office"), start("yard"), start("depot")]);
    const replica = await secondLife(yard, office, 4, 2, depot);
    await depot.restart();
    await yard.ask({ do: "dial", address: depot.address });
    await seen(depot, "second-1");
    await seen(depot, "order-3");
    await depot.kill();
    office.signal("SIGCONT");
    await startAnew(yard, replica, async () => undefined);
    await depot.restart();
    await convergence([office, yard, depot], 46);
    await Promise.all([office, yard, depot].map(allSeen));
    for (const desk of [office, yard, depot]) {
      expect((await desk.row("first-3"))?.["title"]).toBe("First life");
      expect((await desk.row("second-1"))?.["title"]).toBe("Second life");
    }
  });
});
