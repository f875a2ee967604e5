/**
 * After joining from a command's own process: the records still have to come, and they come only while somebody listens. Waits until a
 * connected peer holds the same state, as long as something still arrives.
 */
import type { Host } from "../../shared/ipc/contract.ts";
import type { Io } from "./command.ts";
import { count } from "./print.ts";

/** How long nothing may arrive before the rest is left to the next start. */
const SILENCE_MS = 30_000;
const LOOK_EVERY_MS = 200;

/** Resolves when the first catch-up is through, or after a silence with a word about the rest. */
export const awaitCatchUp = async (host: Host, io: Io): Promise<void> => {
  let records = 0;
  let saidAt = 0;
  let arrivedAt = Date.now();
  const stop = host.on("records.changed", ({ changed }) => {
    records += changed.length;
    arrivedAt = Date.now();
  });
  try {
    while (Date.now() - arrivedAt < SILENCE_MS) {
      const { peers } = await host.call("sync.status", {});
      if (peers.some(({ connected, identical }) => connected && identical === true)) {
        io.say(`all there: ${count((await host.call("desk.status", {})).records, "record")}`);
        return;
      }
      if (records > saidAt) io.say(`receiving: ${count((saidAt = records), "record")} so far`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    io.say('Not everything has arrived. The rest comes when Switchyard runs (the app, or the command "hub").');
  } finally {
    stop();
  }
};
