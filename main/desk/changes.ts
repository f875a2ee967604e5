/**
 * Tells the boards what changed of what they hold (`board-set.ts`): records in read form, and those that left. After a local commit at
 * once; after a merge when the worker says which records it touched.
 */
import { isSegmentPath } from "../../shared/crdt/paths.ts";
import type { DeviceId, RecordId } from "../../shared/ids.ts";
import type { RecordData, RecordsChanged } from "../../shared/ipc/answers.ts";
import type { Committed, RecordRow, Store } from "../store/api.ts";
import type { BoardSet } from "./board-set.ts";
import type { Emit } from "./context.ts";
import type { Members } from "./members.ts";

/** A long merge reaches the board in events of at most so many records, so that none blocks it for long. */
const EVENT_RECORDS = 500;

export interface Changes {
  /** What was only typed into texts is told by `notes.changed` alone. */
  local(changes: readonly Committed[]): void;
  merged(records: readonly RecordId[], byDevice: DeviceId | null): void;
  /** Called with each record that changed, gone or not, before the board hears of it. */
  onRecord(listener: (id: RecordId, row: RecordRow | undefined) => void): void;
}

/** The read form without what only the store says of it. */
export const plainRow = (row: RecordRow & { readonly deleted?: boolean; readonly editedWhileDeleted?: boolean }): RecordData => {
  const { deleted: _, editedWhileDeleted: edited, ...plain } = row;
  return edited === true ? { ...plain, editedWhileDeleted: true } : plain;
};

export const createChanges = (store: Store, board: BoardSet, members: Members, emit: Emit): Changes => {
  const listeners = new Set<(id: RecordId, row: RecordRow | undefined) => void>();
  const tell = (records: readonly RecordId[], by: RecordsChanged["by"]): void => {
    const outdated = board.outdated();
    if (outdated.length > 0) emit("records.changed", { changed: [], gone: outdated, by: { kind: "here" } });
    for (let from = 0; from < records.length; from += EVENT_RECORDS) {
      const changed = new Map<RecordId, RecordData>();
      const gone: RecordId[] = [];
      for (const id of records.slice(from, from + EVENT_RECORDS)) {
        const row = store.row(id);
        for (const listener of listeners) listener(id, row);
        const heard = board.follow(id, row);
        if (heard.gone) gone.push(id);
        for (const each of heard.changed) changed.set(each.id, plainRow(each));
      }
      if (changed.size > 0 || gone.length > 0) emit("records.changed", { changed: [...changed.values()], gone, by });
    }
  };
  const local = (changes: readonly Committed[]): void => {
    const typed = new Set<RecordId>();
    const other = new Set<RecordId>();
    for (const { change } of changes)
      for (const { record, creates, cells } of change.records)
        (!creates && cells.every(({ path }) => isSegmentPath(path)) ? typed : other).add(record);
    for (const id of typed) if (!other.has(id)) for (const listener of listeners) listener(id, store.row(id));
    tell([...other], { kind: "here" });
  };
  return {
    local,
    merged: (records, device) =>
      tell(records, { kind: "peer", device, name: (device === null ? undefined : members.nameOf(device)) ?? "another desk" }),
    onRecord: (listener) => listeners.add(listener),
  };
};
