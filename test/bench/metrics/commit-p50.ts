/** `commit.p50`: a one-field durable commit over a plain UPDATE of a typed column, both synced, both into a full-grown log. */

import { measureCommits } from "../commits.ts";
import type { Metric } from "../metric.ts";

export const metric: Metric = {
  name: "commit.p50",
  unit: "us",
  target: 1.7,
  run: (folder) => measureCommits(folder, 0.5),
};
