/**
 * The other process of the LAN benchmark. Ours: an edit that becomes visible is answered by an edit. Floor: a `ws` message is committed,
 * and so is the answer, before it goes back. Folder, code and address come as arguments.
 */
import process from "node:process";
import { WebSocketServer } from "ws";
import { openLanDesk, pingId } from "./lan-desk.ts";

const [folder = ".", code = "", address = ""] = process.argv.slice(2);

const main = async (): Promise<void> => {
  const desk = await openLanDesk(folder, "answerer");
  const joined = await desk.sync.request({ kind: "join", code, address, name: "answerer" });
  desk.adopt(joined.workspace, joined.letters);
  let answered = -1;
  desk.sync.on("merged", ({ records }) => {
    for (const record of records) {
      const n = Number(desk.store.row(record)?.["f0"] ?? -1);
      if (n <= answered || record !== pingId(n)) continue;
      answered = n;
      desk.commit(record, "f2", String(n));
    }
  });

  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  server.on("connection", (socket) =>
    socket.on("message", (data) => {
      const n = Number(String(data));
      desk.update(2 * n, `got ${n}`);
      desk.update(2 * n + 1, `answer ${n}`);
      socket.send(String(n));
    }),
  );
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  const bound = server.address();
  process.on("message", (message) => {
    if (message === "grow") void desk.growLog().then(() => process.send?.("grown"));
    if (message === "checkpoint") {
      desk.checkpointPlain();
      process.send?.("checkpointed");
    }
    if (message === "end") {
      server.close();
      void desk.close().then(() => process.disconnect());
    }
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ floorPort: typeof bound === "object" && bound !== null ? bound.port : 0 });
};

await main();
