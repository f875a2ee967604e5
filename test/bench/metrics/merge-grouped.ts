/** `merge.grouped`: the cost of a merged cell when each change writes ten, over one plain UPDATE a cell. History is a metric of its own. */
import { measureMerges } from "../merges.ts";
import type { Metric } from "../metric.ts";

export const metric: Metric = {
  name: "merge.grouped",
  unit: "us/cell",
  target: 1,
  run: (folder) => measureMerges(folder, { change: "grouped", order: "record", keepHistory: false }),
};
