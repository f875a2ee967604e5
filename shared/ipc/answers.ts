/**
 * What the contract's requests answer and its events carry. Types only: they come from our own main process,
 * which made them from parsed data, so the board trusts them.
 */
import type { ActionId, CollectionId, DeviceId, EpochMs, RecordId, ReplicaId, WorkspaceId } from "../ids.ts";
import type { TypeDef } from "../schema/types.ts";

/** A record in read form: flat, by field id. `shared/domain/records.ts` names the built-in ones. */
export interface RecordData {
  readonly id: RecordId;
  readonly collection: CollectionId;
  readonly [field: string]: unknown;
}

/** Something the desk tells once, in a person's words: a damaged file set aside, a kept port that was taken. */
export interface Notice {
  readonly code: string;
  readonly text: string;
}

export interface DeskInfo {
  /** `fresh`: no workspace yet, the board shows Join, New, Demo. */
  readonly phase: "fresh" | "ready";
  readonly device: DeviceId;
  readonly deviceName: string;
  readonly workspace: { readonly id: WorkspaceId; readonly name: string; readonly zone: string } | null;
  readonly role: "admin" | "dispatcher" | "viewer" | null;
  readonly replica: ReplicaId;
  readonly letters: string | null;
  readonly host: "electron" | "headless";
  readonly version: string;
  /** How the device key is kept, in words. */
  readonly keyStorage: string;
  readonly notices: readonly Notice[];
}

/** An order as it was, with its visits of then; texts that nobody changed since as strings. */
export type PastOrder = RecordData & {
  readonly asOf: EpochMs;
  readonly deleted: boolean;
  /** Fields of which this desk does not know what they were then; they are null. */
  readonly unknown: readonly string[];
};

export interface BoardData {
  readonly types: readonly TypeDef[];
  readonly zone: string;
  readonly records: readonly RecordData[];
}

/** What words found: orders in the order to show them, and all records that a board needs to show them and what else was found. */
export interface BoardFound {
  readonly orders: readonly RecordId[];
  readonly records: readonly RecordData[];
}

/** Some orders of the list, with what a board needs to show them. */
export interface BoardPage {
  readonly records: readonly RecordData[];
  /** The last order given; null when there are no more. */
  readonly before: RecordId | null;
}

export interface HistoryLine {
  readonly at: EpochMs;
  readonly device: DeviceId | null;
  readonly deviceName: string;
  /** The visit of the asked order that was changed; null: the record itself. */
  readonly visit: RecordId | null;
  /** The cell's path as text; `deleted` and `restored` for what was done to the whole record. */
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly won: boolean;
}

/** A word to the person that stops nothing: `unusual_step`, `overlap`, `outside_hours`, `absent`, `changed_since_dispatch`. */
export interface Hint {
  readonly code: string;
  readonly text: string;
}

export interface Written {
  /** As `order.get` answers it; for visits and other records without texts. */
  readonly record: RecordData;
  readonly action: ActionId;
  readonly hints: readonly Hint[];
}

export interface Undone {
  readonly undone: boolean;
  /** What was taken back, for people; empty when there was nothing. */
  readonly label: string;
  readonly records: readonly RecordId[];
  /** Fields left as they are, since somebody wrote them later. */
  readonly kept: readonly { readonly record: RecordId; readonly number: string | null; readonly field: string }[];
}

export interface PeerStatus {
  readonly device: DeviceId;
  readonly name: string;
  readonly role: "admin" | "dispatcher" | "viewer";
  readonly connected: boolean;
  readonly lastExchange: EpochMs | null;
  /** Positive: its clock is ahead of reference time. */
  readonly clockOffsetMs: number | null;
  readonly version: string | null;
  /** Null while unknown or away. */
  readonly identical: boolean | null;
  /** Why it is away, or what is not as it should be with it, in a sentence; null when there is nothing to say. */
  readonly problem: string | null;
}

export interface NearbyDesk {
  readonly device: DeviceId;
  readonly name: string | null;
  readonly address: string;
  /** It belongs to our workspace (by its tag; only a hint until dialled). */
  readonly sameWorkspace: boolean;
}

export interface SyncStatus {
  readonly peers: readonly PeerStatus[];
  readonly unseen: number;
  readonly lastExchange: EpochMs | null;
  /** Since when no peer is connected; null while one is, or if none ever was. */
  readonly aloneSince: EpochMs | null;
  /** The name of the desk that a fresh copy is being taken from, since this one was away too long; null: none is. */
  readonly rejoining: string | null;
  /** What keeps this desk from taking in what others send, in a sentence; null: nothing. */
  readonly problem: string | null;
  readonly held: readonly { readonly device: DeviceId | null; readonly name: string; readonly changes: number; readonly until: EpochMs }[];
  /** Our own clock against reference time; positive: ahead. */
  readonly clockOffsetMs: number;
  readonly nearby: readonly NearbyDesk[];
  readonly port: number | null;
  readonly fingerprint: { readonly hex: string; readonly words: string };
}

export interface DeskStatus {
  readonly workspace: WorkspaceId | null;
  readonly device: DeviceId;
  readonly replica: ReplicaId;
  readonly fingerprint: string;
  readonly words: string;
  readonly records: number;
  readonly peers: readonly Pick<PeerStatus, "device" | "name" | "connected" | "problem">[];
  readonly unseen: number;
  readonly held: SyncStatus["held"];
  readonly problem: SyncStatus["problem"];
  readonly rejoining: SyncStatus["rejoining"];
}

export interface Invitation {
  readonly code: string;
  readonly expires: EpochMs;
}

export interface Joined {
  readonly workspace: WorkspaceId;
  readonly device: DeviceId;
  /** The inviting desk's name. */
  readonly inviter: string;
}

/** An open note: what an editor starts from, and the Yjs client id that it alone may use until it closes. */
export interface OpenNote {
  readonly editor: string;
  readonly clientId: number;
  readonly state: Uint8Array;
}

/** One thing kept beside the cells that is not what they say; `record` null where it is about the whole file. */
export interface FileDifference {
  readonly what: string;
  readonly record: RecordId | null;
  readonly stored: string;
  readonly recomputed: string;
}

export interface Verified {
  readonly ok: boolean;
  readonly fingerprint: string;
  readonly words: string;
  /** The fingerprint worked out again from every row. */
  readonly recomputed: string;
  /** Live records, counted. */
  readonly records: number;
  /** The first hundred. */
  readonly differences: readonly FileDifference[];
}

export interface Backup {
  readonly name: string;
  /** Where it lies on this machine. */
  readonly file: string;
  /** `daily`: made by itself. `manual`: asked for. `file`: where the command line said. */
  readonly kind: "daily" | "manual" | "file";
  readonly at: EpochMs;
  /** Null when it does not say. */
  readonly records: number | null;
  readonly bytes: number;
  /** It was opened and checked whole when it was made. */
  readonly verified: boolean;
}

/** What purging came to, or would. The first thousand of the trash are named. */
export interface PurgeReport {
  /** How many went for good; 0 in a dry run. */
  readonly purged: number;
  readonly goes: readonly { readonly record: RecordId; readonly collection: CollectionId; readonly name: string }[];
  readonly waits: readonly {
    readonly record: RecordId;
    readonly collection: CollectionId;
    readonly name: string;
    /** `waits`: for these desks; `recent`: until then; `unsettled`: part of it has not come, or is stamped in the future. */
    readonly reason: "waits" | "recent" | "unsettled";
    readonly until: EpochMs | null;
    readonly desks: readonly { readonly device: DeviceId; readonly name: string }[];
  }[];
  /** Desks that are not waited for, by an admin's word. */
  readonly away: readonly { readonly device: DeviceId; readonly name: string }[];
}

export interface BackupList {
  /** The newest first. */
  readonly backups: readonly Backup[];
  /** Why the last daily one failed; null when it did not. */
  readonly problem: string | null;
}

export interface Restored {
  /** When the backup was made, and what it holds. */
  readonly at: EpochMs;
  readonly records: number;
  /** Where the database before it is kept. */
  readonly aside: string;
}

export interface BadRow {
  /** Where the row begins in the file, the header being line 1. */
  readonly line: number;
  /** The header of the column, or empty for the whole row. */
  readonly column: string;
  readonly reason: string;
}

export interface ImportColumn {
  readonly header: string;
  readonly first: string;
  /** The field it goes to, or null: left out. */
  readonly field: string | null;
  /** "month first", "3 values", empty. */
  readonly meaning: string;
}

export interface ImportFile {
  readonly token: string;
  readonly name: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly lines: number;
}

export interface ImportPreview {
  /** The map in use, in the map file's form: guessed or given. */
  readonly map: unknown;
  readonly guessed: readonly string[];
  readonly columns: readonly ImportColumn[];
  readonly rows: number;
  readonly ready: number;
  readonly preview: readonly {
    readonly line: number;
    readonly title: string;
    readonly values: Readonly<Record<string, string>>;
    readonly will: "make" | "change";
  }[];
  readonly bad: readonly BadRow[];
}

export interface Imported {
  readonly rows: number;
  readonly imported: number;
  readonly bad: readonly BadRow[];
  /** Null when nothing was imported. */
  readonly action: ActionId | null;
  readonly cancelled: boolean;
}

export interface ImportProgress {
  readonly token: string;
  readonly phase: "reading" | "checking" | "writing" | "undoing";
  readonly done: number;
  readonly total: number;
}

export interface RecordsChanged {
  /** In read form, new or changed. */
  readonly changed: readonly RecordData[];
  /** Deleted, or no longer on the board. */
  readonly gone: readonly RecordId[];
  readonly by: { readonly kind: "here" } | { readonly kind: "peer"; readonly device: DeviceId | null; readonly name: string };
}
