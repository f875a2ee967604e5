/**
 * A random life of desks that delete, purge, are away for long and rejoin: what the shell around the protocol does with acknowledgements,
 * purging and fresh copies, over the model store; and the laws that the outcome must keep. `Bugs` are planted in it.
 */

import { compareCells } from "../../shared/crdt/order.ts";
import { ownerOf, pathText } from "../../shared/crdt/paths.ts";
import type { Cell, Change, VersionVector } from "../../shared/crdt/types.ts";
import { type DeviceId, parseRecordId, parseReplicaId, type RecordId, type ReplicaId } from "../../shared/ids.ts";
import { type judgePurge, waitedFor } from "../../shared/protocol/purge.ts";
import { join } from "../../shared/protocol/vector.ts";
import type { Desk, Plants } from "./desk.ts";
import { known, NO_LIMIT } from "./model-store.ts";
import { type Edit, isDeleted, PurgeStore, type Returned } from "./purge-store.ts";
import { type Random, seeded } from "./random.ts";
import { World } from "./world.ts";

const FIELDS = ["status", "title", "note"];
const PATIENCE_MS = 60_000;

/** Wrong readings of the rules, each of which the laws must find. */
export interface Bugs extends Plants {
  readonly judge?: typeof judgePurge;
  readonly newStore?: (random: Random) => PurgeStore;
}

interface Known {
  readonly replica: string;
  readonly vector: VersionVector;
  away: boolean;
}

/** One desk and what its shell knows. */
export interface Life {
  readonly desk: Desk;
  /** What people work in: the old file while a copy is taken. */
  store: PurgeStore;
  readonly heard: Map<DeviceId, Known>;
  copying: { readonly from: DeviceId; readonly copy: PurgeStore } | null;
  /** Far from any other until then. */
  awayUntil: number;
}

export class PurgeWorld {
  readonly world: World;
  readonly random: Random;
  readonly lives: Life[] = [];
  readonly changes: Change[] = [];
  readonly returned: Returned[] = [];
  /** Records that any desk has purged. */
  readonly purged = new Set<RecordId>();
  /** By record and replica the number of the latest restore. */
  readonly restores = new Map<RecordId, Map<ReplicaId, number>>();
  /** An edit that did not do at its own desk what it is for. */
  broken: string | null = null;
  readonly counts = { purged: 0, rejoins: 0, givenUp: 0, returned: 0, restored: 0 };
  readonly #bugs: Bugs;
  #value = 0;

  constructor(seed: number, bugs: Bugs = {}) {
    this.#bugs = bugs;
    this.random = seeded(seed);
    this.world = new World(this.random, NO_LIMIT, { ...bugs, repairs: false, heard: (desk, effect) => this.#heard(desk, effect) });
  }

  addLife(name: string): Life {
    const store = this.#newStore();
    const life: Life = { desk: this.world.addDesk(name, store), store, heard: new Map(), copying: null, awayUntil: 0 };
    this.lives.push(life);
    return life;
  }

  edit(life: Life, edit: Edit): void {
    const change = life.store.commit(edit, this.world.wall());
    this.changes.push(change);
    const { record } = edit;
    const row = life.store.row(record);
    if (row !== undefined && isDeleted(row) !== (edit.kind === "delete")) this.broken ??= `${edit.kind} of ${record} in vain`;
    if (edit.kind === "restore") {
      this.counts.restored++;
      this.restores.set(record, new Map(this.restores.get(record)).set(change.stamp.replica, change.stamp.seq));
    }
    if (life.copying === null) this.world.committed(life.desk, change);
  }

  put(life: Life, record: RecordId, field = "title"): void {
    this.edit(life, { kind: "put", record, field, value: ++this.#value });
  }

  /** A record of a new id. */
  create(life: Life): RecordId {
    const record = known(parseRecordId(`r-${this.random.hex(8)}`));
    this.put(life, record);
    return record;
  }

  mayConnect(a: Life, b: Life): boolean {
    if (Math.max(a.awayUntil, b.awayUntil) > this.world.now) return false;
    return (a.copying === null || a.copying.from === b.desk.device) && (b.copying === null || b.copying.from === a.desk.device);
  }

  connect(a: Life, b: Life): void {
    if (this.mayConnect(a, b) && !this.world.isConnected(a.desk, b.desk)) this.world.connect(a.desk, b.desk);
  }

  cutAll(life: Life): void {
    for (const other of this.lives) if (other !== life) this.world.cut(life.desk, other.desk);
  }

  crash(life: Life): void {
    if (life.copying !== null) {
      life.copying = null;
      life.desk.store = life.store;
    }
    this.world.crash(life.desk);
  }

  /** An admin says so at this desk; not of one that is connected. */
  setAway(life: Life, other: Life): void {
    if (this.world.isConnected(life.desk, other.desk)) return;
    const before = life.heard.get(other.desk.device) ?? { replica: "", vector: new Map() };
    life.heard.set(other.desk.device, { ...before, away: true });
  }

  purge(life: Life): void {
    if (life.copying !== null) return;
    const others = this.lives.filter((other) => other !== life).map(({ desk }) => desk.device);
    const connected = new Set(this.lives.filter((other) => this.world.isConnected(life.desk, other.desk)).map(({ desk }) => desk.device));
    const acknowledged = new Map(
      [...life.heard].map(([device, { vector, away }]) => [device, { vector, away: away ? this.world.wall() : null }]),
    );
    const gone = life.store.purgeNow(waitedFor(others, acknowledged, connected), this.#bugs.judge);
    this.counts.purged += gone.length;
    for (const record of gone) this.purged.add(record);
    if (gone.length > 0) this.world.feed(life.desk, { kind: "purged", purge: life.store.purge() });
  }

  /** All connect, until nothing is under way any more. */
  settle(): void {
    for (const life of this.lives) life.awayUntil = 0;
    for (let round = 0; round < 12; round++) {
      for (const a of this.lives) for (const b of this.lives) if (a.desk.device < b.desk.device) this.connect(a, b);
      this.world.runUntil(this.world.now + 40_000);
    }
  }

  #newStore(): PurgeStore {
    return this.#bugs.newStore?.(this.random) ?? new PurgeStore(known(parseReplicaId(this.random.hex(32))));
  }

  #heard(desk: Desk, effect: Parameters<NonNullable<Plants["heard"]>>[1]): void {
    const life = known(this.lives.find((one) => one.desk === desk));
    if (effect.kind === "must-rejoin") {
      this.world.after(0, () => this.#beginCopy(life, effect.device));
      return;
    }
    const before = life.heard.get(effect.device);
    const vector = before?.replica === effect.replica ? join(before.vector, effect.vector) : effect.vector;
    life.heard.set(effect.device, { replica: effect.replica, vector, away: false });
  }

  #beginCopy(life: Life, from: DeviceId): void {
    this.#hangUp(life);
    const copy = this.#newStore();
    const takeVector = copy.takeVector.bind(copy);
    copy.takeVector = (vector, purge) => {
      takeVector(vector, purge);
      this.world.after(0, () => this.#finishCopy(life, copy));
    };
    life.copying = { from, copy };
    life.desk.acked.clear();
    this.#begin(life, copy);
    this.#watch(life, copy);
  }

  /** A peer that does not come back is not waited for. */
  #watch(life: Life, copy: PurgeStore): void {
    this.world.after(PATIENCE_MS, () => {
      if (life.copying?.copy !== copy) return;
      if (life.desk.wires.size > 0) return this.#watch(life, copy);
      this.counts.givenUp++;
      this.#hangUp(life);
      life.copying = null;
      this.#begin(life, life.store);
    });
  }

  #finishCopy(life: Life, copy: PurgeStore): void {
    if (life.copying?.copy !== copy) return;
    this.#hangUp(life);
    const { returned, changes } = copy.takeOld(life.store, this.world.wall());
    this.counts.rejoins++;
    this.counts.returned += returned.length;
    this.returned.push(...returned);
    this.changes.push(...changes);
    life.store = copy;
    life.copying = null;
    this.#begin(life, copy);
  }

  #hangUp(life: Life): void {
    this.cutAll(life);
    life.desk.wires.clear();
  }

  #begin(life: Life, store: PurgeStore): void {
    this.world.replicas.set(store.replica, life.desk.device);
    life.desk.store = store;
    this.world.restart(life.desk);
  }
}

/** Lets chance decide what happens, then settles. */
export const liveAndSettle = (sim: PurgeWorld, steps: number): void => {
  const { random, lives, world } = sim;
  for (let step = 0; step < steps; step++) {
    const life = random.pick(lives);
    const other = random.pick(lives.filter((one) => one !== life));
    const roll = random.next();
    if (roll < 0.2) sim.create(life);
    else if (roll < 0.4 && life.store.live().length > 0) sim.put(life, random.pick(life.store.live()), random.pick(FIELDS));
    else if (roll < 0.55 && life.store.live().length > 0) sim.edit(life, { kind: "delete", record: random.pick(life.store.live()) });
    else if (roll < 0.565 && life.store.trash().length > 0) sim.edit(life, { kind: "restore", record: random.pick(life.store.trash()) });
    else if (roll < 0.58 && life.store.trash().length > 0) sim.put(life, random.pick(life.store.trash()), random.pick(FIELDS));
    else if (roll < 0.75) sim.connect(life, other);
    else if (roll < 0.83) world.cut(life.desk, other.desk);
    else if (roll < 0.86) sim.cutAll(life);
    else if (roll < 0.88) sim.crash(life);
    else if (roll < 0.91) {
      // It drives off for long, and is not waited for.
      sim.cutAll(other);
      other.awayUntil = world.now + random.next() * 400_000;
      world.runUntil(world.now + 1_000);
      // One admin decides: two that do not wait for each other purge apart, which only a repair mends.
      const [admin] = lives;
      if (admin !== undefined && admin !== other) sim.setAway(admin, other);
    } else sim.purge(life);
    world.runUntil(world.now + random.next() ** 3 * 20_000);
  }
  sim.settle();
};

/** What is wrong with the outcome; null when nothing. */
export const faultOf = (sim: PurgeWorld): string | null => {
  const [first, ...rest] = sim.lives;
  if (first === undefined) return "no desk";
  if (sim.broken !== null) return sim.broken;
  for (const life of sim.lives) if (life.copying !== null) return `${life.desk.name} still takes a copy`;
  for (const life of rest)
    if (life.store.dump() !== first.store.dump()) return `${life.desk.name} does not hold what ${first.desk.name} holds`;
  const written = new Map<RecordId, Map<string, Cell>>();
  const listed = new Map<RecordId, Set<string>>();
  for (const { stamp, records } of sim.changes) {
    for (const { record, cells } of records) {
      for (const { path, value } of cells) {
        if (path[0] === "deleted") noteList(listed, record, value);
        else note(written, record, { path, value, stamp });
      }
    }
  }
  for (const [record, restores] of sim.restores) {
    const isUnseen = [...restores].some(([replica, seq]) => listed.get(record)?.has(`${replica}:${seq}`) !== true);
    if (isUnseen && !first.store.live().includes(record) && !sim.returned.some(({ old }) => old === record))
      return `${record} was restored, no deletion knew of that, and it is gone`;
  }
  for (const [record, cells] of written) {
    const row = first.store.live().includes(record) ? first.store.row(record) : undefined;
    const unseen = [...cells.values()].filter(({ stamp }) => listed.get(record)?.has(`${stamp.replica}:${stamp.seq}`) !== true);
    if (row !== undefined && unseen.length === 0) return `${record} has risen again`;
    // What a desk that purged the record had listed went with it there.
    for (const cell of row === undefined || sim.purged.has(record) ? unseen : cells.values()) {
      if (ownerOf(cell.path) !== undefined && row === undefined) continue;
      const standing = row?.cells.get(pathText(cell.path));
      if (standing !== undefined && standing.stamp.seq === cell.stamp.seq && standing.stamp.replica === cell.stamp.replica) continue;
      const isBack = sim.returned.some((one) => one.old === record && one.cells.some(({ value }) => value === cell.value));
      if (!isBack) return `${record} lost ${pathText(cell.path)} ${JSON.stringify(cell.value)}`;
    }
  }
  return null;
};

/** What is left once all have heard of all: nothing that is deleted waits for ever. */
export const leftInTrash = (sim: PurgeWorld): number => {
  for (const life of sim.lives) sim.purge(life);
  sim.settle();
  return sim.lives.reduce((left, { store }) => left + store.trash().length, 0);
};

const note = (written: Map<RecordId, Map<string, Cell>>, record: RecordId, cell: Cell): void => {
  const cells = written.get(record) ?? new Map<string, Cell>();
  written.set(record, cells);
  const rival = cells.get(pathText(cell.path));
  if (rival === undefined || compareCells(cell, rival) > 0) cells.set(pathText(cell.path), cell);
};

const noteList = (listed: Map<RecordId, Set<string>>, record: RecordId, value: unknown): void => {
  const seen = listed.get(record) ?? new Set<string>();
  listed.set(record, seen);
  if (value === null || typeof value !== "object") return;
  for (const [replica, seqs] of Object.entries(value)) if (Array.isArray(seqs)) for (const seq of seqs) seen.add(`${replica}:${seq}`);
};
