/**
 * Writes the demo's records by ordinary commits. Undo passes them over: nobody who tries Ctrl+Z in a demo means all of it.
 */
import { demoWorkspace } from "../../shared/domain/demo.ts";
import { commitMany } from "./batches.ts";
import type { DeskContext } from "./context.ts";

/** Into an empty workspace; progress is told as that of the import `demo`. */
export const writeDemo = async (context: DeskContext): Promise<void> => {
  const [a = 0, b = 0, c = 0, d = 0] = context.deps.random(4);
  const actions = demoWorkspace({
    now: context.now(),
    zone: context.zone(),
    replica: context.deps.store.replica,
    seed: (a << 24) | (b << 16) | (c << 8) | d,
  });
  const groups = actions.map(
    ({ edits }) =>
      () =>
        edits,
  );
  await commitMany(context, groups, {
    action: context.newAction(),
    label: "Demo",
    undoable: false,
    progress: (done) => context.emit("import.progress", { token: "demo", phase: "writing", done, total: groups.length }),
  });
};
