/**
 * What every part of the desk works with: the store, who we are in the workspace, time, and the one way to commit. A commit is
 * durable when it returns; then the sync worker and the board hear of it, in this order.
 */
import type { Edit } from "../../shared/crdt/edit.ts";
import { AppError } from "../../shared/errors.ts";
import {
  type ActionId,
  type CollectionId,
  type EpochMs,
  parseActionId,
  parseCollectionId,
  parseRecordId,
  type RecordId,
  uuidV7,
} from "../../shared/ids.ts";
import type { EventName, Events } from "../../shared/ipc/contract.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import type { TypeDef } from "../../shared/schema/types.ts";
import type { DeskDeps } from "../host/ports.ts";
import type { Committed } from "../store/api.ts";
import type { Members } from "./members.ts";

export type Emit = <Name extends EventName>(name: Name, data: Events[Name]) => void;

export interface DeskContext {
  readonly deps: DeskDeps;
  readonly members: Members;
  readonly emit: Emit;
  /** IANA zone of the workspace; the machine's own while there is none. */
  zone(): string;
  now(): EpochMs;
  newRecord(): RecordId;
  newAction(): ActionId;
  /** Short id of a list's item or an editor. */
  newToken(): string;
  typeOf(collection: CollectionId): TypeDef;
  /** One change; tells the worker and the board. Throws what the store throws. */
  commit(edits: readonly Edit[], label: string, action: ActionId, undoable?: boolean): Committed;
  /** What the worker and the board must hear of changes that the store made itself (undo). */
  committed(changes: readonly Committed[]): void;
}

/** A collection of the built-in types, by its name. */
export const collection = (name: string): CollectionId => {
  const id = parseCollectionId(name);
  if (id === undefined) throw new AppError("unreachable", `${name} is no collection.`);
  return id;
};

export const ORDER = collection("workOrder");
export const VISIT = collection("visit");
export const TECHNICIAN = collection("technician");
export const ABSENCE = collection("absence");
export const CUSTOMER = collection("customer");
export const SITE = collection("site");
export const CONTACT = collection("contact");
export const SAVED_VIEW = collection("savedView");

const types: ReadonlyMap<string, TypeDef> = new Map(BUILT_IN_TYPES.map((type) => [type.collection, type]));

const recordOf = (text: string): RecordId => {
  const id = parseRecordId(text);
  if (id === undefined) throw new AppError("unreachable", "A new id is no record id.");
  return id;
};
const actionOf = (text: string): ActionId => {
  const id = parseActionId(text);
  if (id === undefined) throw new AppError("unreachable", "A new id is no action id.");
  return id;
};

export const createContext = (deps: DeskDeps, members: Members, emit: Emit, told: (changes: readonly Committed[]) => void): DeskContext => {
  const systemZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const newId = (): string => uuidV7(deps.wall(), deps.random(10));
  const context: DeskContext = {
    deps,
    members,
    emit,
    zone: () => members.found()?.zone ?? systemZone,
    now: () => deps.wall(),
    newRecord: () => recordOf(newId()),
    newAction: () => actionOf(newId()),
    newToken: () => Buffer.from(deps.random(9)).toString("base64url"),
    typeOf: (id) => {
      const type = types.get(id);
      if (type === undefined) throw new AppError("unknown_type", `There is no type "${id}". There are ${[...types.keys()].join(", ")}.`);
      return type;
    },
    commit: (edits, label, action, undoable = true) => {
      members.requireWriter();
      const done = deps.store.commit(edits, { action, label, undoable });
      context.committed([done]);
      return done;
    },
    committed: (changes) => {
      for (const { change } of changes) deps.sync.committed(change);
      told(changes);
    },
  };
  return context;
};
