/**
 * The same failing network over real SQLite files, both connections each: sets, counters, deletions and restores beside plain fields.
 * All files come to one fingerprint, each verifies, and each plain field holds the greatest stamp that was ever committed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ReplicaStore, Store } from "../../main/store/api.ts";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import type { Edit } from "../../shared/crdt/edit.ts";
import { compareStamps } from "../../shared/crdt/order.ts";
import type { Change, Stamp, Value } from "../../shared/crdt/types.ts";
import { parseActionId, parseRecordId, parseWorkspaceId, type RecordId } from "../../shared/ids.ts";
import type { TypeDef } from "../../shared/schema/types.ts";
import type { DeskStore } from "./desk.ts";
import { COLLECTION, known, NO_LIMIT } from "./model-store.ts";
import { type Random, seeded } from "./random.ts";
import { play } from "./scenario.ts";
import { World } from "./world.ts";

const SEEDS = process.env["SEED"] === undefined ? [1, 2, 3, 4, 5, 6] : [Number(process.env["SEED"])];
const SCALARS = ["a", "b", "c"] as const;
const TYPE: TypeDef = {
  collection: COLLECTION,
  name: "Order",
  fields: [
    ...SCALARS.map((id) => ({ id, name: id, kind: "number" as const })),
    { id: "tags", name: "Tags", kind: "set" },
    { id: "parts", name: "Parts", kind: "counter" },
  ],
};
/** A few records a batch, so that sweeps take many. */
const BATCH_BYTES = 200;
const folder = mkdtempSync(join(tmpdir(), "switchyard-sim-"));

interface Files {
  readonly main: Store;
  readonly worker: ReplicaStore;
  readonly records: RecordId[];
}

/** The worker's connection as the simulator drives it. Files do not lose power here: the model's do. */
const deskStore = ({ worker }: Files): DeskStore => ({
  ...worker,
  sweep: (base, cursor) => worker.sweep(base, cursor, BATCH_BYTES),
  crash: () => undefined,
  dump: () => worker.fingerprint(),
});

const edits = (random: Random, { records }: Files, newOnes: number): readonly Edit[] => {
  const isNew = records.length === 0 || random.chance(newOnes);
  const record = isNew ? known(parseRecordId(`r-${random.hex(12)}`)) : random.pick(records);
  if (isNew) records.push(record);
  const target = { collection: COLLECTION, record };
  const put: Edit = { kind: "put", ...target, path: [random.pick(SCALARS)], value: random.below(1_000_000) };
  if (isNew) return [put];
  const roll = random.next();
  if (roll < 0.1) return [{ kind: "delete", ...target }];
  if (roll < 0.2) return [{ kind: "restore", ...target }];
  if (roll < 0.35) return [{ kind: "count", ...target, field: "parts", by: 1 + random.below(9) }];
  if (roll < 0.5) return [put, { kind: "put", ...target, path: ["tags", random.hex(1)], value: random.chance(0.7) }];
  return [put];
};

/** The greatest of each plain field ever committed. */
const wanted = (changes: readonly Change[]): ReadonlyMap<string, { readonly stamp: Stamp; readonly value: Value }> => {
  const greatest = new Map<string, { readonly stamp: Stamp; readonly value: Value }>();
  for (const { stamp, records } of changes) {
    for (const { record, cells } of records) {
      for (const { path, value } of cells) {
        const key = `${record} ${path[0]}`;
        const rival = greatest.get(key);
        if (path.length === 1 && (rival === undefined || compareStamps(stamp, rival.stamp) > 0)) greatest.set(key, { stamp, value });
      }
    }
  }
  return greatest;
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("desks over real files on a network that fails", { timeout: 120_000 }, () => {
  test.each(SEEDS)("seed %i: one fingerprint, and the greatest of each field", (seed) => {
    const random = seeded(seed);
    const world = new World(random, NO_LIMIT);
    const all: Files[] = [];
    for (let i = 0; i < 3 + random.below(2); i++) {
      const options = {
        file: join(folder, `${seed}-${i}.db`),
        types: [TYPE],
        gate: newGate(),
        wall: () => world.wall(),
        random: (bytes: number) => Uint8Array.from({ length: bytes }, () => random.below(256)),
      };
      const main = openStore(options);
      main.adopt(known(parseWorkspaceId("w".repeat(43))), "A".repeat(i + 1));
      const files: Files = { main, worker: openReplicaStore(options), records: [] };
      all.push(files);
      world.addDesk(`desk-${i}`, deskStore(files));
    }
    let actions = 0;
    const edit = (at: number, newOnes: number): Change | undefined => {
      const files = all[at];
      if (files === undefined) return undefined;
      // What others made and has arrived may be edited here too.
      for (const { record } of files.worker.sweep(new Map(), null, 1 << 30).records)
        if (!files.records.includes(record)) files.records.push(record);
      const asked = edits(random, files, newOnes);
      const [first] = asked;
      const row = first === undefined ? undefined : files.main.row(first.record, { deleted: true });
      if (first?.kind === "restore" && row?.deleted !== true) return undefined;
      if (first?.kind === "delete" && row?.deleted !== false) return undefined;
      return files.main.commit(asked, { action: known(parseActionId(`action-${actions++}`)), label: "edit" }).change;
    };
    try {
      const changes = play({ world, steps: 60, crashes: false, edit });
      const [first] = all;
      for (const { main, worker } of all) {
        expect(main.fingerprint(), `replay: SEED=${seed} npx vitest run test/simulation/sync-store.test.ts`).toBe(
          first?.main.fingerprint(),
        );
        expect([...worker.vector()].sort()).toEqual([...(first?.worker.vector() ?? [])].sort());
        expect(main.verify()).toMatchObject({ fingerprint: main.fingerprint(), recomputed: main.fingerprint(), integrity: [] });
        for (const [key, { value }] of wanted(changes)) {
          const [record = "", field = ""] = key.split(" ");
          expect(main.row(known(parseRecordId(record)), { deleted: true })?.[field], key).toBe(value);
        }
      }
      expect(changes.length).toBeGreaterThan(50);
      expect(world.counts.cuts).toBeGreaterThan(5);
    } finally {
      for (const { main, worker } of all) {
        worker.close();
        main.close();
      }
    }
  });
});
