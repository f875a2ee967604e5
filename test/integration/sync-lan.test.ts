/**
 * Two hosts on a switch of their own: the desks find each other by mDNS, join without an address, part when the cable is pulled and
 * come together by themselves. Skipped with the reason where network namespaces are not permitted.
 */
import { afterAll, describe, expect, test } from "vitest";
import { lanUp } from "./lan.ts";
import { convergence, TestDesk, until } from "./sync-desks.ts";

const lan = lanUp(2);

afterAll(() => {
  if (lan.kind === "up") lan.it.down();
});

describe("desks on a LAN", { timeout: 180_000 }, () => {
  test.skipIf(lan.kind === "skip")(
    `found by mDNS, joined without an address${lan.kind === "skip" ? ` (skipped: ${lan.reason})` : ""}`,
    async () => {
      if (lan.kind === "skip") return;
      const [one, two] = lan.it.hosts;
      if (one === undefined || two === undefined) throw new Error("the network has no two hosts");
      const [front, yard] = await Promise.all([TestDesk.start("front", one), TestDesk.start("yard", two)]);
      try {
        await front.ask({ do: "found" });
        await front.ask({ do: "fill", prefix: "order", count: 20 });
        await until(
          "the yard sees the front",
          () => yard.state(),
          ({ status }) => status?.nearby.some(({ device }) => device === front.device) === true,
        );
        const code = (await front.ask({ do: "invite", role: "dispatcher" })) as string;
        await yard.ask({ do: "join", code, address: undefined });
        await convergence([front, yard], 20);

        lan.it.fault(2, "partition");
        await until(
          "the front sees the yard away",
          () => front.connectedTo(),
          (peers) => peers.length === 0,
        );
        await until(
          "the yard sees the front away",
          () => yard.connectedTo(),
          (peers) => peers.length === 0,
        );
        await front.ask({ do: "put", record: "order-3", field: "status", value: "in_progress" });
        await yard.ask({ do: "put", record: "order-3", field: "holdReason", value: "Waiting for the part" });
        lan.it.fault(2, "clear");
        await convergence([front, yard], 20);
        const row = await until(
          "both edits",
          () => yard.row("order-3"),
          (held) => held?.["status"] === "in_progress",
        );
        expect(row?.["holdReason"]).toBe("Waiting for the part");
      } finally {
        await Promise.all([front.end(), yard.end()]);
      }
    },
  );
});
