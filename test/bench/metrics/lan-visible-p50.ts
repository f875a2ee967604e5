/** `lan.visible.p50`: an edit there and an answering edit back between two processes, over a `ws` ping-pong with the same durable commits. */
import { measureVisible } from "../lan-visible.ts";
import type { Metric } from "../metric.ts";

export const metric: Metric = { name: "lan.visible.p50", unit: "ms", target: 3, run: measureVisible };
