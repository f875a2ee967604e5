/** What either handle offers of purging: what others have acknowledged, the purge vector, looking and removing. */

import { Acknowledgements } from "./acknowledged.ts";
import type { Purging } from "./api.ts";
import { Purger } from "./purge.ts";
import type { Connection } from "./transaction.ts";

export const purgingOf = (connection: Connection): Purging => {
  const acknowledged = new Acknowledgements(connection);
  const purger = new Purger(connection);
  return {
    vector: () => acknowledged.purge(),
    acknowledged: () => acknowledged.all(),
    note: (device, replica, vector) => acknowledged.note(device, replica, vector),
    setAway: (device, since) => acknowledged.setAway(device, since),
    look: (rules, limit) => purger.look(rules, limit),
    step: (rules, from, limit) => purger.step(rules, from, limit),
  };
};
