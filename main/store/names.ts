/**
 * The small local numbers of replicas, collections and fields, kept in memory and added to the file as they are met.
 * They never change and are never reused, so the other connection's additions are found by reading again on a miss.
 */
import type Database from "better-sqlite3";
import { hashPathText, hashReplicaId } from "../../shared/crdt/fingerprint.ts";
import type { Hash } from "../../shared/crdt/hash.ts";
import { pathText } from "../../shared/crdt/paths.ts";
import { ROOM } from "../../shared/crdt/stamp-table.ts";
import { AppError } from "../../shared/errors.ts";
import { type CollectionId, parseCollectionId, parseReplicaId, type ReplicaId } from "../../shared/ids.ts";
import type { FieldDef, TypeDef } from "../../shared/schema/types.ts";

export interface ReplicaName {
  readonly num: number;
  readonly id: ReplicaId;
  readonly hash: Hash;
}

export interface Slot {
  readonly slot: number;
  readonly field: string;
  readonly branch: boolean;
  /** Of the path that is the field alone. */
  readonly hash: Hash;
  /** The `lookup.field` number where the field's values are looked up. */
  readonly lookup: number | undefined;
  /** What a record without a value of its own is looked up under: the field's default, which it reads as. */
  readonly absent: string | number | undefined;
  /** Its words are found by search. */
  readonly searched: boolean;
}

export interface CollectionName {
  readonly num: number;
  readonly id: CollectionId;
  readonly system: boolean;
  readonly type: TypeDef | undefined;
  readonly slots: Slot[];
  /** By slot: it holds several cells. */
  readonly branch: boolean[];
  readonly scalars: Map<string, Slot>;
  readonly branches: Map<string, Slot>;
  /** The `lookup.field` number where its live records are listed; undefined where they are not. */
  readonly listed: number | undefined;
  /** Places of looked-up fields with a default. */
  readonly defaulted: Slot[];
  /** Merging texts whose words are found by search. */
  readonly searchedTexts: ReadonlySet<string>;
}

/** Fields beyond this many in one collection stay aside of the document, so a peer's invented ones cannot fill it. */
const MAX_SLOTS = Math.min(512, ROOM - 2);

/** In the place of a field in `lookup.field`: the collection's own listing. */
const LISTING = ROOM - 1;
/** The value of a listing's rows. */
export const LISTED = 0;

const isBranchKind = (field: FieldDef): boolean => field.kind === "set" || field.kind === "counter" || field.kind === "list";
/** Order numbers are looked up whole and by their digits. */
export const isNumberField = (field: string): boolean => field === "number";

/** Whether search finds anything of a collection's records. */
export const isSearched = ({ slots, searchedTexts }: CollectionName): boolean =>
  searchedTexts.size > 0 || slots.some(({ searched }) => searched);

/** Where a field's values are looked up; undefined where they are not. */
export const lookupOf = ({ scalars, branches }: CollectionName, field: string): number | undefined =>
  (scalars.get(field) ?? branches.get(field))?.lookup;

const searchedTextsOf = (type: TypeDef | undefined): ReadonlySet<string> =>
  new Set((type?.fields ?? []).filter(({ kind, searched }) => kind === "text" && searched === true).map(({ id }) => id));

export class Names {
  readonly #db: Database.Database;
  readonly #types: ReadonlyMap<string, TypeDef>;
  readonly #replicas = new Map<string, ReplicaName>();
  readonly #replicaByNum: (ReplicaName | undefined)[] = [];
  readonly #collections = new Map<string, CollectionName>();
  readonly #collectionByNum: (CollectionName | undefined)[] = [];

  constructor(db: Database.Database, types: readonly TypeDef[]) {
    this.#db = db;
    this.#types = new Map(types.map((type) => [type.collection, type]));
    this.reload();
  }

  /** Reads what the other connection may have added; what is known stays as it is. */
  reload(): void {
    for (const { num, id } of this.#db.prepare<[], { num: number; id: string }>("SELECT num, id FROM replica").all()) {
      if (this.#replicaByNum[num] === undefined) this.#keepReplica(num, id);
    }
    for (const { num, id } of this.#db.prepare<[], { num: number; id: string }>("SELECT num, id FROM collection").all()) {
      if (this.#collectionByNum[num] === undefined) this.#keepCollection(num, id);
    }
    const fields = this.#db.prepare<[], FieldRow>("SELECT collection, slot, id, branch FROM field ORDER BY collection, slot").all();
    for (const { collection, slot, id, branch } of fields) {
      const owner = this.#collectionByNum[collection];
      if (owner !== undefined && owner.slots[slot] === undefined) this.#keepSlot(owner, slot, id, branch === 1);
    }
  }

  /** Forgets everything and reads again: a rollback took back what was added. No record may be open. */
  reset(): void {
    this.#replicas.clear();
    this.#replicaByNum.length = 0;
    this.#collections.clear();
    this.#collectionByNum.length = 0;
    this.reload();
  }

  /** Gives every field of the known types its place, in the types' order. Inside a transaction. */
  settleTypes(): void {
    for (const type of this.#types.values()) {
      const collection = this.collection(type.collection);
      for (const field of type.fields) {
        if (field.kind === "text") continue;
        if (isBranchKind(field)) this.branch(collection, field.id);
        else this.scalar(collection, field.id);
      }
    }
  }

  replica(id: ReplicaId): ReplicaName {
    return this.knownReplica(id) ?? this.#addReplica(id);
  }

  /** A replica that already has a number. */
  knownReplica(id: ReplicaId): ReplicaName | undefined {
    return this.#replicas.get(id);
  }

  /** All replicas that have a number. */
  replicas(): readonly ReplicaName[] {
    this.reload();
    return [...this.#replicas.values()];
  }

  replicaOf(num: number): ReplicaName {
    const known = this.#replicaByNum[num];
    if (known !== undefined) return known;
    this.reload();
    const found = this.#replicaByNum[num];
    if (found === undefined)
      throw new AppError("database_damaged", `The database names no replica ${num}. Restore a backup, or join again.`);
    return found;
  }

  collection(id: CollectionId): CollectionName {
    const known = this.#collections.get(id);
    if (known !== undefined) return known;
    this.#db.prepare("INSERT INTO collection (id) VALUES (?) ON CONFLICT DO NOTHING").run(id);
    this.reload();
    return this.knownCollection(id) ?? this.#lost(id);
  }

  /** All collections that have a number. */
  collections(): readonly CollectionName[] {
    return [...this.#collections.values()];
  }

  knownCollection(id: string): CollectionName | undefined {
    return this.#collections.get(id);
  }

  collectionOf(num: number): CollectionName {
    const known = this.#collectionByNum[num];
    if (known !== undefined) return known;
    this.reload();
    return this.#collectionByNum[num] ?? this.#lost(String(num));
  }

  /** The place of a field's own cell; undefined when the collection has no room for more fields. */
  scalar(collection: CollectionName, field: string): Slot | undefined {
    return collection.scalars.get(field) ?? this.#addSlot(collection, field, false);
  }

  /** The place of the cells below a field. */
  branch(collection: CollectionName, field: string): Slot | undefined {
    return collection.branches.get(field) ?? this.#addSlot(collection, field, true);
  }

  #addReplica(id: ReplicaId): ReplicaName {
    this.#db.prepare("INSERT INTO replica (id) VALUES (?) ON CONFLICT DO NOTHING").run(id);
    const num = this.#db.prepare<[string], number>("SELECT num FROM replica WHERE id = ?").pluck().get(id);
    return num === undefined ? this.#lost(id) : this.#keepReplica(num, id);
  }

  #addSlot(collection: CollectionName, field: string, branch: boolean): Slot | undefined {
    const rows = this.#db.prepare<[number], FieldRow>("SELECT collection, slot, id, branch FROM field WHERE collection = ? ORDER BY slot");
    for (const row of rows.all(collection.num)) {
      if (collection.slots[row.slot] === undefined) this.#keepSlot(collection, row.slot, row.id, row.branch === 1);
    }
    const added = branch ? collection.branches.get(field) : collection.scalars.get(field);
    if (added !== undefined) return added;
    const slot = collection.slots.length;
    if (slot >= MAX_SLOTS) return undefined;
    this.#db
      .prepare("INSERT INTO field (collection, slot, id, branch) VALUES (?, ?, ?, ?)")
      .run(collection.num, slot, field, branch ? 1 : 0);
    return this.#keepSlot(collection, slot, field, branch);
  }

  #keepReplica(num: number, text: string): ReplicaName {
    const id = parseReplicaId(text) ?? this.#lost(text);
    const name = { num, id, hash: hashReplicaId(id) };
    this.#replicas.set(id, name);
    this.#replicaByNum[num] = name;
    return name;
  }

  #keepCollection(num: number, text: string): void {
    const id = parseCollectionId(text) ?? this.#lost(text);
    const name: CollectionName = {
      num,
      id,
      system: id.startsWith("$"),
      type: this.#types.get(id),
      slots: [],
      branch: [],
      scalars: new Map(),
      branches: new Map(),
      listed: this.#types.get(id)?.listed === true ? num * ROOM + LISTING : undefined,
      defaulted: [],
      searchedTexts: searchedTextsOf(this.#types.get(id)),
    };
    this.#collections.set(id, name);
    this.#collectionByNum[num] = name;
  }

  #keepSlot(collection: CollectionName, slot: number, field: string, branch: boolean): Slot {
    const def = collection.type?.fields.find(({ id }) => id === field);
    const isLookedUp = branch ? def?.indexed === true && def.kind === "set" : def?.indexed === true || isNumberField(field);
    const lookup = isLookedUp ? collection.num * ROOM + slot : undefined;
    const standard = lookup === undefined || branch ? undefined : def?.default;
    const absent = typeof standard === "boolean" ? undefined : standard;
    const kept: Slot = { slot, field, branch, hash: hashPathText(pathText([field])), lookup, absent, searched: def?.searched === true };
    if (absent !== undefined) collection.defaulted.push(kept);
    collection.slots[slot] = kept;
    collection.branch[slot] = branch;
    (branch ? collection.branches : collection.scalars).set(field, kept);
    return kept;
  }

  #lost(id: string): never {
    throw new AppError("database_damaged", `The database lost the name ${id}. Restore a backup, or join again.`);
  }
}

interface FieldRow {
  readonly collection: number;
  readonly slot: number;
  readonly id: string;
  readonly branch: number;
}
