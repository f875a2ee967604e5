/**
 * One desk as plain maps: every cell that was ever delivered to it, and what follows from that: what stands, what is held, what a record
 * shows, whether it is deleted, what a peer lacks. Written apart from the program, from merge.md's sentences.
 */
import { msOfHlc } from "../../shared/clock/hlc.ts";
import { FingerprintSum, fingerprintText } from "../../shared/crdt/fingerprint.ts";
import { readNote } from "../../shared/crdt/notes/doc.ts";
import type { Cell, Change, Hlc, RecordCells, Stamp, VectorEntry, VersionVector } from "../../shared/crdt/types.ts";
import type { RecordId, ReplicaId } from "../../shared/ids.ts";
import { hashOf, isGreater, ORDER, seqsOf } from "./store-rig.ts";

export const keyOf = (cell: Pick<Cell, "path">): string => JSON.stringify(cell.path);
const greatest = (cells: readonly Cell[]): Cell | undefined =>
  cells.reduce<Cell | undefined>((best, cell) => (best === undefined || isGreater(cell, best) ? cell : best), undefined);

/** The writer's own counter, text segment, deletion or restore: by its number alone, never held. */
export const isOwned = ({ path, stamp }: Cell): boolean => (path.length === 2 || path.length === 4) && path[1] === stamp.replica;
const isDeletion = ({ path }: Cell): boolean => path[0] === "deleted" && path.length === 2;
const isKept = ({ path }: Cell): boolean => path[0] === "kept" && path.length === 2;

/** All that was delivered of one path. */
interface Delivered {
  readonly admitted: Cell[];
  /** Stamped past the limit when it came. */
  future: Cell[];
}

/** What a record shows; as JSON it compares. */
export interface Shown {
  readonly number: unknown;
  readonly title: unknown;
  readonly status: unknown;
  readonly minutes: unknown;
  readonly tags: readonly string[];
  readonly used: number;
  readonly steps: readonly { readonly id: string; readonly pos: string; readonly label: unknown }[];
  readonly extra: unknown;
  readonly notes: string;
  readonly deleted: boolean;
  readonly editedWhileDeleted: boolean;
}

export class DeskModel {
  readonly replica: ReplicaId;
  readonly #vector = new Map<ReplicaId, VectorEntry>();
  readonly #records = new Map<RecordId, Map<string, Delivered>>();

  constructor(replica: ReplicaId) {
    this.replica = replica;
  }

  get vector(): VersionVector {
    return this.#vector;
  }

  has(record: RecordId): boolean {
    return this.#records.has(record);
  }

  /** A cell of its own, or one that came. */
  add(record: RecordId, cell: Cell, limit?: Hlc): void {
    const paths = this.#records.get(record) ?? new Map<string, Delivered>();
    this.#records.set(record, paths);
    const delivered = paths.get(keyOf(cell)) ?? { admitted: [], future: [] };
    paths.set(keyOf(cell), delivered);
    const held = limit !== undefined && !isOwned(cell) && cell.stamp.hlc > limit;
    (held ? delivered.future : delivered.admitted).push(cell);
  }

  /** Merges what was held and is due; the records of which something was held. */
  due(limit: Hlc): readonly RecordId[] {
    const touched = new Set<RecordId>();
    for (const [record, paths] of this.#records) {
      if (this.held(record).some(({ stamp }) => stamp.hlc <= limit)) touched.add(record);
      for (const delivered of paths.values()) {
        const due = delivered.future.filter(({ stamp }) => stamp.hlc <= limit);
        delivered.admitted.push(...due);
        delivered.future = delivered.future.filter((cell) => !due.includes(cell));
      }
    }
    return [...touched];
  }

  count({ stamp: { replica, seq, hlc } }: { readonly stamp: Stamp }): void {
    this.#vector.set(replica, { seq, hlc });
  }

  take(vector: VersionVector): void {
    for (const [replica, entry] of vector) {
      if (replica !== this.replica && entry.seq > (this.#vector.get(replica)?.seq ?? 0)) this.#vector.set(replica, entry);
    }
  }

  /** What became of a live change, and its merge. */
  live(change: Change, limit: Hlc): "known" | "gap" | "missing" | "merged" {
    const known = this.#vector.get(change.stamp.replica)?.seq ?? 0;
    if (change.stamp.seq <= known || change.stamp.replica === this.replica) return "known";
    this.due(limit);
    if (change.stamp.seq !== known + 1) return "gap";
    if (change.records.some(({ record, creates }) => !creates && !this.has(record))) return "missing";
    for (const { record, cells } of change.records) {
      for (const { path, value } of cells) this.add(record, { path, value, stamp: change.stamp }, limit);
    }
    this.count(change);
    return "merged";
  }

  standing(record: RecordId): readonly Cell[] {
    return [...(this.#records.get(record)?.values() ?? [])].flatMap(({ admitted }) => greatest(admitted) ?? []);
  }

  /** The standing cell of a path. */
  at(record: RecordId, path: readonly string[]): Cell | undefined {
    return greatest(this.#records.get(record)?.get(JSON.stringify(path))?.admitted ?? []);
  }

  /** One a path and replica, as far as it does not lose to what stands. */
  held(record: RecordId): readonly Cell[] {
    return [...(this.#records.get(record)?.values() ?? [])].flatMap(({ admitted, future }) => {
      const rival = greatest(admitted);
      return [...new Set(future.map(({ stamp }) => stamp.replica))]
        .flatMap((replica) => greatest(future.filter(({ stamp }) => stamp.replica === replica)) ?? [])
        .filter((cell) => rival === undefined || isGreater(cell, rival));
    });
  }

  /** All that is kept of it, as a peer would be sent it whole. */
  cells(record: RecordId): readonly Cell[] {
    return [...this.standing(record), ...this.held(record)];
  }

  /** What a peer with this vector lacks, in id order. */
  beyond(base: VersionVector, records: readonly RecordId[]): readonly RecordCells[] {
    return records.flatMap((record) => {
      const all = this.cells(record);
      const cells = all.filter(({ stamp }) => stamp.seq > (base.get(stamp.replica)?.seq ?? 0));
      return cells.length === 0 ? [] : [{ record, collection: ORDER, whole: cells.length === all.length, cells }];
    });
  }

  /** Everything that its stamps say about replicas other than its own. */
  isOwnOnly(record: RecordId): boolean {
    return [...(this.#records.get(record)?.values() ?? [])].every(({ admitted, future }) =>
      [...admitted, ...future].every(({ stamp }) => stamp.replica === this.replica),
    );
  }

  /** The latest clock of what is merged, in milliseconds. */
  latestMs(): number {
    let latest = 0;
    for (const record of this.#records.keys()) for (const { stamp } of this.standing(record)) latest = Math.max(latest, msOfHlc(stamp.hlc));
    return latest;
  }

  /** Undefined: there is nothing to show of it. */
  shown(record: RecordId): Shown | undefined {
    const cells = this.standing(record);
    if (cells.length === 0) return undefined;
    if (this.held(record).length > 0 && cells.every(isOwned)) return undefined;
    const value = (field: string): unknown => cells.find(({ path }) => path.length === 1 && path[0] === field)?.value ?? null;
    const below = (field: string): readonly Cell[] => cells.filter(({ path }) => path[0] === field && path.length > 1);
    const { deleted, unseen } = livenessOf(cells);
    return {
      number: value("number"),
      title: value("title"),
      status: value("status"),
      minutes: value("minutes"),
      tags: below("tags")
        .flatMap(({ path, value: isIn }) => (isIn === true ? (path[1] ?? []) : []))
        .toSorted(),
      used: below("used").reduce((sum, { value: total }) => sum + (typeof total === "number" ? total : 0), 0),
      steps: stepsOf(below("steps")),
      extra: value("extra"),
      notes: readNote(below("notes").flatMap(({ value: bytes }) => (bytes instanceof Uint8Array ? [bytes] : []))),
      deleted,
      editedWhileDeleted: unseen,
    };
  }

  /** Of the standing state joined with the held one. */
  fingerprint(): string {
    const sum = new FingerprintSum();
    for (const [record, paths] of this.#records) {
      const joined = [...paths.values()].flatMap(({ admitted, future }) => greatest([...admitted, ...future]) ?? []);
      if (livenessOf(joined).deleted) continue;
      for (const cell of joined) sum.add(hashOf(record, cell));
    }
    return fingerprintText(sum.total());
  }
}

/** Deleted: every cell but deletions is in a deletion's list. Unseen: it lives by edits alone that no deleter had seen. */
const livenessOf = (cells: readonly Cell[]): { readonly deleted: boolean; readonly unseen: boolean } => {
  const lists = cells.filter(isDeletion).map(({ value }) => value);
  if (lists.length === 0) return { deleted: false, unseen: false };
  const unseen = cells.filter((cell) => !isDeletion(cell) && !lists.some((list) => isListed(list, cell.stamp)));
  return { deleted: unseen.length === 0, unseen: unseen.length > 0 && !unseen.some(isKept) };
};

/** Whether a deletion's list names a stamp. */
export const isListed = (list: unknown, { replica, seq }: Stamp): boolean => seqsOf(list, replica).includes(seq);

const stepsOf = (cells: readonly Cell[]): Shown["steps"] => {
  const labels = new Map<unknown, unknown>(cells.flatMap(({ path, value }) => (path[2] === "label" ? [[path[1], value] as const] : [])));
  return cells
    .flatMap(({ path, value }) =>
      path[2] === "pos" && typeof value === "string" ? [{ id: path[1] ?? "", pos: value, label: labels.get(path[1]) ?? null }] : [],
    )
    .toSorted((a, b) => (a.pos < b.pos ? -1 : a.pos > b.pos ? 1 : a.id < b.id ? -1 : 1));
};
