/**
 * Real desks as processes on loopback: real files, real worker threads, mutual TLS. The founding story, the chain, a killed desk, a stopped
 * desk, a desk that was removed from nobody's list, garbled frames from a member.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { parseHlc } from "../../shared/clock/hlc.ts";
import { parseCollectionId, parseEpochMs, parseRecordId, parseReplicaId } from "../../shared/ids.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import { convergence, HEARTBEAT_MS, TestDesk, until } from "./sync-desks.ts";

const desks: TestDesk[] = [];
const start = async (name: string, heartbeatMs?: number): Promise<TestDesk> => {
  const desk = await TestDesk.start(name, null, heartbeatMs);
  desks.push(desk);
  return desk;
};
/** 18 MB of checklist, as if years of work had come in a catch-up. The desk must not run. */
const putHugeRecord = ({ folder }: TestDesk): void => {
  const sure = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("a test's id is none");
    return value;
  };
  const store = openReplicaStore({
    file: join(folder, "store.db"),
    types: BUILT_IN_TYPES,
    gate: newGate(),
    wall: () => sure(parseEpochMs(Date.now())),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
  });
  const stamp = { term: 0, hlc: sure(parseHlc(1)), replica: sure(parseReplicaId("e".repeat(32))), seq: 1 };
  const cells = Array.from({ length: 180 }, (_, n) => ({ path: ["checklist", `item-${n}`, "label"], value: "x".repeat(100_000), stamp }));
  const record = sure(parseRecordId("order-huge"));
  store.mergeBatch([{ record, collection: sure(parseCollectionId("workOrder")), whole: true, cells }], stamp.hlc);
  store.close();
};
const connected = (a: TestDesk, b: TestDesk): Promise<unknown> =>
  until(
    `${a.name} and ${b.name} are connected`,
    () => Promise.all([a.connectedTo(), b.connectedTo()]),
    ([x, y]) => x?.includes(b.device) === true && y?.includes(a.device) === true,
  );

afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.end()));
});

describe("desks as processes", { timeout: 120_000 }, () => {
  test("two desks join, part, write to one order, meet again: both hold both", async () => {
    const [front, yard] = await Promise.all([start("front"), start("yard")]);
    await front.ask({ do: "found" });
    await front.ask({ do: "fill", prefix: "order", count: 60 });
    await front.admit(yard);
    await convergence([front, yard], 60);
    await until(
      "all is seen",
      () => front.state(),
      ({ unseen }) => unseen === 0,
    );

    // Live, both ways.
    await yard.ask({ do: "put", record: "order-1", field: "title", value: "From the yard" });
    await until(
      "live",
      () => front.row("order-1"),
      (row) => row?.["title"] === "From the yard",
    );

    await yard.kill();
    await until(
      "the yard is away",
      () => front.connectedTo(),
      (peers) => peers.length === 0,
    );
    await front.ask({ do: "put", record: "order-42", field: "status", value: "in_progress" });
    expect((await front.state()).unseen).toBe(1);
    // The yard starts while the front is stopped, writes alone, and then both meet.
    front.signal("SIGSTOP");
    await yard.restart();
    await yard.ask({ do: "put", record: "order-42", field: "holdReason", value: "Need replacement part" });
    front.signal("SIGCONT");
    await convergence([front, yard], 60);
    for (const desk of [front, yard]) {
      const row = await until(
        "both edits",
        () => desk.row("order-42"),
        (held) => held?.["status"] === "in_progress",
      );
      expect(row?.["holdReason"]).toBe("Need replacement part");
    }
    await until(
      "all is seen again",
      () => front.state(),
      ({ unseen }) => unseen === 0,
    );
    const state = await front.state();
    expect(state.forked).toBe(false);
    expect(state.status?.peers.map(({ name }) => name)).toEqual(["yard"]);
    await until(
      "the desks know that they are the same",
      () => front.state(),
      ({ status }) => status?.peers[0]?.identical === true,
    );
  });

  test("a chain of three: what the ends write reaches the other end, live and after a catch-up", async () => {
    const [a, b, c] = await Promise.all([start("a"), start("b"), start("c")]);
    await b.ask({ do: "found" });
    await b.admit(a);
    await b.admit(c);
    await connected(a, b);
    await connected(b, c);
    await a.ask({ do: "fill", prefix: "a", count: 40 });
    await convergence([a, b, c], 40);
    await c.ask({ do: "put", record: "a-7", field: "title", value: "From the far end" });
    await until(
      "live over the middle",
      () => a.row("a-7"),
      (row) => row?.["title"] === "From the far end",
    );
    // The middle is away while both ends write; only through it can they learn of each other.
    await b.kill();
    await a.ask({ do: "fill", prefix: "more", count: 30 });
    await c.ask({ do: "fill", prefix: "other", count: 30 });
    await b.restart();
    await convergence([a, b, c], 100);
  });

  test("a desk that is killed in the middle of a catch-up goes on from what it holds", async () => {
    const [full, fresh] = await Promise.all([start("full"), start("fresh")]);
    await full.ask({ do: "found" });
    await full.ask({ do: "fill", prefix: "order", count: 3_000 });
    await full.admit(fresh);
    await until(
      "some have come",
      () => fresh.state(),
      ({ records }) => records > 100,
    );
    await fresh.kill();
    await fresh.restart();
    await convergence([full, fresh], 3_000);
    await fresh.ask({ do: "put", record: "order-5", field: "title", value: "Written after the crash" });
    await until(
      "live again",
      () => full.row("order-5"),
      (row) => row?.["title"] === "Written after the crash",
    );
  });

  test("a desk that is stopped in its tracks is shown away within two heartbeats, and comes back by itself", async () => {
    const [a, b] = await Promise.all([start("a"), start("b")]);
    await a.ask({ do: "found" });
    await a.admit(b);
    await connected(a, b);
    b.signal("SIGSTOP");
    const at = performance.now();
    await until(
      "it is away",
      () => a.connectedTo(),
      (peers) => peers.length === 0,
    );
    // The rule is two heartbeats; a busy machine, the status's own delay and this loop are allowed for.
    expect(performance.now() - at).toBeLessThan(2 * HEARTBEAT_MS + 5_000);
    b.signal("SIGCONT");
    await connected(a, b);
  });

  test("a record larger than desks can send at once is named as what keeps them apart, and nothing is claimed", async () => {
    // The product's heartbeat: while one desk packs so much, a shorter one has the other hang up before it hears why.
    const [a, b] = await Promise.all([start("a", 5_000), start("b", 5_000)]);
    await a.ask({ do: "found" });
    await a.ask({ do: "fill", prefix: "order", count: 10 });
    await a.kill();
    putHugeRecord(a);
    await a.restart();
    await a.admit(b);
    await until(
      "the problem is told",
      () => a.state(),
      ({ status }) => status?.peers[0]?.problem?.includes("16 MB") === true,
    );
    await until(
      "there, too",
      () => b.state(),
      ({ status }) => status?.peers[0]?.problem?.includes("16 MB") === true,
    );
    expect((await a.state()).unseen).toBeGreaterThan(0);
    expect((await b.state()).records).toBeLessThan(11);
    expect([(await a.state()).fatal, (await b.state()).fatal]).toEqual([null, null]);
  });

  test("nothing is taken from a viewer, and it sees everything", async () => {
    const [office, screen] = await Promise.all([start("office"), start("screen")]);
    await office.ask({ do: "found" });
    await office.ask({ do: "fill", prefix: "order", count: 10 });
    await office.admit(screen, "viewer");
    await until(
      "the screen shows all",
      () => screen.state(),
      ({ records }) => records === 10,
    );
    await screen.ask({ do: "put", record: "order-1", field: "title", value: "Not allowed" });
    await office.ask({ do: "put", record: "order-2", field: "title", value: "Allowed" });
    await until(
      "it goes on seeing",
      () => screen.row("order-2"),
      (row) => row?.["title"] === "Allowed",
    );
    expect((await office.row("order-1"))?.["title"]).toBe("order 1");
  });
});
