/** `board.load`: 10,000 records into the renderer's form, over `.all()` of a plain table. */
import { measureLoad } from "../loads.ts";
import type { Metric } from "../metric.ts";

export const metric: Metric = { name: "board.load", unit: "ms", target: 1.5, run: measureLoad };
