/** The hash tree in steps: whoever waits hears of its end, also of one that came to nothing, and no memory is kept after the stop. */
import { expect, test } from "vitest";
import type { RecordTreeStore } from "../../main/store/api.ts";
import { TreeWorks } from "../../main/sync/tree-works.ts";

/** Stands after so many steps; the step `fails` throws. */
const works = (steps: number, fails: number) => {
  const seen = { built: 0, dropped: 0, trouble: new Array<unknown>() };
  let done = 0;
  const tree: RecordTreeStore = {
    uses: 0,
    build: () => {
      done += 1;
      if (done === fails) throw new Error("disk read error");
      return done === steps;
    },
    read: () => null,
    compare: () => null,
    drop: () => {
      seen.dropped += 1;
    },
  };
  const ended = new Promise<TreeWorks>((resolve) => {
    const made = new TreeWorks({
      tree,
      built: () => {
        seen.built += 1;
        resolve(made);
      },
      trouble: (error) => seen.trouble.push(error),
    });
    made.begin();
    made.begin();
  });
  return { seen, ended };
};

test("a tree of some steps is told once, and dropped at the stop", async () => {
  const { seen, ended } = works(3, 0);
  const made = await ended;
  expect(seen).toEqual({ built: 1, dropped: 0, trouble: [] });
  made.stop();
  expect(seen.dropped).toBe(1);
});

test("one that cannot be made is told too, so that a peer's question is answered", async () => {
  const { seen, ended } = works(3, 2);
  await ended;
  expect(seen).toMatchObject({ built: 1, dropped: 1, trouble: [{ message: "disk read error" }] });
});
