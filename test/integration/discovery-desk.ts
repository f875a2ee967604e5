/**
 * One desk of the discovery tests, as a process of its own: runs discovery in a worker thread, as the product does, and
 * tells on standard output, a JSON line each, what it sees. Told on standard input: `dial-failed ID`, `update TAG PORT`, `stop`.
 */
import { createInterface } from "node:readline";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { startDiscovery } from "../../main/sync/discovery/discovery.ts";
import { type EpochMs, parseDeviceId, parseEpochMs } from "../../shared/ids.ts";

const wall = (): EpochMs => {
  const now = parseEpochMs(Date.now());
  if (now === undefined) throw new Error("the clock is unusable");
  return now;
};

const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

if (isMainThread) {
  const [id, tag, port] = process.argv.slice(2);
  const worker = new Worker(new URL(import.meta.url), { workerData: { id, tag: tag ?? "", port: Number(port) } });
  worker.on("message", say);
  worker.on("error", (error) => {
    say({ crashed: String(error) });
    process.exit(1);
  });
  worker.on("exit", () => process.exit(0));
  createInterface({ input: process.stdin })
    .on("line", (line) => worker.postMessage(line))
    .on("close", () => worker.postMessage("stop"));
} else {
  const { id, tag, port } = workerData as { id: string; tag: string; port: number };
  const device = parseDeviceId(id);
  if (device === undefined) throw new Error("not a device id");
  const tell = (line: unknown): void => parentPort?.postMessage(line);
  const discovery = startDiscovery({
    device,
    workspaceTag: tag,
    port,
    wall,
    log: { info: (message, details) => tell({ log: message, ...details }), warn: (message, details) => tell({ log: message, ...details }) },
  });
  discovery.onPeers((peers) => tell({ peers }));
  parentPort?.on("message", (line: string) => {
    const [word, first = "", second] = line.split(" ");
    const peer = parseDeviceId(first);
    if (word === "dial-failed" && peer !== undefined) discovery.dialFailed(peer);
    else if (word === "update") discovery.update({ workspaceTag: first, port: Number(second) });
    else if (word === "stop") void discovery.stop().then(() => process.exit(0));
  });
}
