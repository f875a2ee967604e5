/** What the process of the crash test prints: its own commits with what they left standing, and what it merged and synced. */
import type { Store } from "../../main/store/api.ts";
import { readNote } from "../../shared/crdt/notes/doc.ts";
import { parseReplicaId, type RecordId, type ReplicaId } from "../../shared/ids.ts";

/** After a commit. `undo`: the label of what undo would take back. */
export interface Acknowledged {
  readonly seq: number;
  readonly undo: string | null;
  readonly rows: readonly (readonly [record: RecordId, shown: string])[];
}

/** After merges were synced: up to which number of a peer's replica the vector says that all is stored. */
export interface Merged {
  readonly peer: number;
  readonly seq: number;
}

const peer = (digit: string): ReplicaId => {
  const id = parseReplicaId(digit.repeat(32));
  if (id === undefined) throw new Error("no replica id");
  return id;
};

/** The peers whose changes the thread makes up: sent live, swept, and stamped a year ahead. */
export const PEERS: readonly ReplicaId[] = [peer("1"), peer("2"), peer("f")];

/** The record that a change of a peer writes; its `minutes` are then the change's number. */
export const recordOfPeer = (index: number, seq: number): string => (index === 1 ? `batch-${seq % 40}` : `theirs-${seq % 20}`);

/** What a record shows of the fields that only the main thread writes. */
export const shown = (store: Store, record: RecordId): string => {
  const row = store.row(record, { deleted: true });
  if (row === undefined) return "nothing";
  if (record.startsWith("theirs")) return JSON.stringify(row["status"]);
  const { title, tags, used, status, number, deleted } = row;
  return JSON.stringify([title, tags, used, status, number, deleted, readNote(store.text(record, "notes").updates)]);
};
