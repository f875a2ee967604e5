/** Any sequence of commands on real stores: each desk is at each step exactly what its plain model says, and in the end all are alike. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { COMMANDS, settle, tally } from "./store-commands.ts";
import { inFolder } from "./store-rig.ts";
import { RECORDS, TestedWorld } from "./store-world.ts";

it("is what a plain map of all that was delivered says, whatever is done in whatever order", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(fc.commands([...COMMANDS], { maxCommands: 60, size: "max" }), (commands) =>
      inFolder((folder) => {
        const world = new TestedWorld(folder);
        try {
          fc.modelRun(() => ({ model: world, real: world }), commands);
          settle(world);
          const [first, ...others] = world.desks;
          for (const other of others) {
            expect(other.store.fingerprint()).toBe(first?.store.fingerprint());
            for (const record of RECORDS) expect(other.shown(record)).toEqual(first?.shown(record));
          }
        } finally {
          world.close();
        }
      }),
    ),
    { numRuns: 40 },
  );
  // The runs did what they are for.
  for (const what of [
    "commit",
    "refused",
    "delete",
    "undo",
    "redo",
    "kept",
    "merged",
    "gap",
    "known",
    "sweep",
    "due",
    "trim",
    "found",
    "past",
  ])
    expect([what, (tally.get(what) ?? 0) > 0]).toEqual([what, true]);
});
