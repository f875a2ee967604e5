/**
 * An edit here, seen there and answered by an edit, until the answer is seen here: two processes, TLS, real workers. Beside it a bare
 * `ws` ping-pong with one durable commit at each end of each hop. Rounds alternate; each round's median, then the median of the rounds.
 */
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import { createRecoverySheet, membershipCrypto } from "../../main/identity/crypto.ts";
import { FOUNDER_LETTERS } from "../../shared/membership/letters.ts";
import { foundWorkspace } from "../../shared/membership/log.ts";
import { openLanDesk, PINGS, pingId } from "./lan-desk.ts";
import { type Measured, median, verify } from "./metric.ts";

const ROUNDS = 12;
const WARM_ROUNDS = 3;
const PINGS_A_ROUND = 60;
const PATIENCE_MS = 60_000;

const saidBy = (child: ChildProcess, isIt: (message: unknown) => boolean): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      child.off("message", heard);
      child.off("exit", ended);
    };
    const timer = setTimeout(() => {
      settle();
      reject(new Error("the other process does not answer"));
    }, PATIENCE_MS);
    const heard = (message: unknown): void => {
      if (!isIt(message)) return;
      settle();
      resolve(message);
    };
    const ended = (): void => {
      settle();
      reject(new Error("the other process has ended"));
    };
    child.on("message", heard);
    child.once("exit", ended);
  });

const until = async (what: string, isSo: () => boolean): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    verify(performance.now() < deadline, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

export const measureVisible = async (folder: string): Promise<Measured> => {
  const desk = await openLanDesk(folder, "asker");
  const founding = { signer: desk.identity, deviceName: "asker", nonce: randomBytes(16), workspaceName: "Bench", zone: "UTC" };
  const found = foundWorkspace({ ...founding, recoveryKey: createRecoverySheet().publicKey }, membershipCrypto);
  desk.store.log.addOperations([{ hash: found.id, bytes: found.bytes }]);
  desk.adopt(found.workspace, FOUNDER_LETTERS);
  for (let n = 0; n < PINGS; n++) desk.commit(pingId(n), "f0", "-1");
  const { code } = await desk.sync.request({ kind: "invite", role: "dispatcher", long: false, confirmed: true });
  const script = fileURLToPath(new URL("./lan-answerer.ts", import.meta.url));
  const child = fork(script, [folder, code, `127.0.0.1:${desk.port}`], { serialization: "advanced", stdio: ["ignore", 2, 2, "ipc"] });
  try {
    const ready = (await saidBy(child, (message) => typeof message === "object")) as { readonly floorPort: number };
    const seenAll = (): boolean => desk.sync.status?.peers[0]?.identical === true && desk.store.unseen() === 0;
    await until("the desks are connected", () => desk.sync.status?.peers[0]?.connected === true && desk.store.unseen() === 0);
    await desk.growLog();
    child.send("grow");
    await saidBy(child, (message) => message === "grown");
    const socket = new WebSocket(`ws://127.0.0.1:${ready.floorPort}`, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => socket.once("open", () => resolve()).once("error", reject));

    let next = 0;
    const ours = (): Promise<number> =>
      new Promise((resolve) => {
        const n = next++;
        const start = performance.now();
        const stop = desk.sync.on("merged", ({ records }) => {
          if (!records.includes(pingId(n)) || desk.store.row(pingId(n))?.["f2"] !== String(n)) return;
          stop();
          resolve(performance.now() - start);
        });
        desk.commit(pingId(n), "f0", String(n));
      });
    const floor = (n: number): Promise<number> =>
      new Promise((resolve) => {
        const start = performance.now();
        socket.once("message", (data) => {
          verify(String(data) === String(n), "the floor answered something else");
          desk.update(2 * n + 1, `seen ${n}`);
          resolve(performance.now() - start);
        });
        desk.update(2 * n, `ask ${n}`);
        socket.send(String(n));
      });

    const values: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const ourTimes: number[] = [];
      const floorTimes: number[] = [];
      for (let n = 0; n < PINGS_A_ROUND; n++) floorTimes.push(await floor(round * PINGS_A_ROUND + n));
      for (let n = 0; n < PINGS_A_ROUND; n++) ourTimes.push(await ours());
      desk.checkpointPlain();
      child.send("checkpoint");
      await saidBy(child, (message) => message === "checkpointed");
      if (round < WARM_ROUNDS) continue;
      values.push(median(ourTimes));
      floors.push(median(floorTimes));
    }
    const last = ROUNDS * PINGS_A_ROUND - 1;
    for (let n = last; n > last - PINGS; n--) {
      const row = desk.store.row(pingId(n));
      verify(row?.["f0"] === String(n) && row["f2"] === String(n), `question and answer ${n} do not stand`);
    }
    verify(desk.plainValue(2 * last + 1) === `seen ${last}`, "the floor lost its last commit");
    await until("both desks hold the same", seenAll);
    socket.close();
    child.send("end");
    await desk.close();
    return { value: median(values), floor: median(floors) };
  } finally {
    child.kill();
  }
};
