/** `npm run bench`: the metrics of `metrics/`, a file each (`runner.ts` says what it takes). */
import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Metric } from "./metric.ts";
import { runBenchmarks } from "./runner.ts";

const folder = fileURLToPath(new URL("./metrics/", import.meta.url));
const metrics: Metric[] = [];
for (const file of readdirSync(folder).toSorted()) {
  const loaded: { readonly metric: Metric } = await import(path.join(folder, file));
  metrics.push(loaded.metric);
}
await runBenchmarks("bench", metrics);
