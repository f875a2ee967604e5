/**
 * The contract between the board (or the command line) and the host: every request with the schema of its input, and every
 * event. One list, implemented once in `main/ipc`, carried by Electron IPC, a WebSocket, the local socket or a plain call.
 * Inputs are parsed at the host's edge; what answers is in `answers.ts`.
 */
import { z } from "zod";
import { ORDER_STATUSES } from "../domain/status.ts";
import { type ActionId, type CollectionId, type EpochMs, parseCollectionId, parseEpochMs, parseRecordId, type RecordId } from "../ids.ts";
import type * as A from "./answers.ts";
import { json } from "./json.ts";

const recordId = z.custom<RecordId>((value) => typeof value === "string" && parseRecordId(value) !== undefined, "not a record id");
const collectionId = z.custom<CollectionId>(
  (value) => typeof value === "string" && parseCollectionId(value) !== undefined,
  "not a collection",
);
const instant = z.custom<EpochMs>((value) => typeof value === "number" && parseEpochMs(value) !== undefined, "not an instant");
const name = z.string().trim().min(1).max(200);
/** A record id or an order number (`A-42`, `42`). */
const ref = z.string().trim().min(1, "give its number or record id").max(64, "that is no number or record id");
const searched = z.string().trim().min(1, "there is nothing to look for").max(200, "at most 200 characters can be looked for");
/** Field id to new value; `null` clears. A set takes the whole list, or `{ add, remove }`. Parsed against the type by the desk. */
const values = z.record(z.string().min(1).max(64), json);
const text = z.string().max(1_000_000);
const bytes = (max: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.byteLength <= max, "not bytes, or too many");
const filePath = z.string().min(1).max(4096);
const nothing = z.object({});
const importMap = json.nullable();

export interface Request<Input extends z.ZodType, Output> {
  readonly input: Input;
  /** Never set: carries the answer's type. */
  readonly output?: Output;
}
const request =
  <Output>() =>
  <Input extends z.ZodType>(input: Input): Request<Input, Output> => ({ input });

export const requests = {
  /** A fresh address of the browser board, good for one opening within 60 seconds. For the command line alone. */
  "host.url": request<{ readonly url: string }>()(nothing),
  "desk.info": request<A.DeskInfo>()(nothing),
  "desk.found": request<A.DeskInfo>()(
    z.object({ way: z.enum(["new", "demo"]), workspaceName: name.optional(), deviceName: name.optional(), zone: name.optional() }),
  ),
  "desk.join": request<A.Joined>()(
    z.object({ code: z.string().min(1).max(2000), address: z.string().max(300).optional(), deviceName: name.optional() }),
  ),
  "desk.status": request<A.DeskStatus>()(nothing),
  "desk.dismissNotice": request<null>()(z.object({ code: z.string() })),

  /** What a board starts with: unfinished work, and what is finished of the last days. Then it follows `records.changed`. */
  "board.load": request<A.BoardData>()(nothing),
  /** What stands on days before those (from `from` on and before `to`), with what it needs; followed from now on. */
  "board.days": request<readonly A.RecordData[]>()(z.object({ from: instant, to: instant })),
  /** These records, each with what it needs on a board; followed from now on. */
  "board.take": request<readonly A.RecordData[]>()(z.object({ records: z.array(recordId).min(1).max(1000) })),
  /** Orders as `order.search` finds them, best first, and customers, sites and contacts; followed from now on. */
  "board.find": request<A.BoardFound>()(z.object({ text: searched, limit: z.number().int().min(1).max(200).optional() })),
  /** Orders made before this one (null: the last ones), the last made first; followed from now on. */
  "board.orders": request<A.BoardPage>()(z.object({ before: recordId.nullable(), limit: z.number().int().min(1).max(1000) })),
  /** A record of any collection with its texts as strings; deleted ones too, marked. */
  "record.get": request<A.RecordData>()(z.object({ record: recordId })),
  /** Records of a collection, or those whose field is (or, a set, holds) the value, as typed. */
  "record.list": request<readonly A.RecordData[]>()(
    z.object({
      collection: collectionId,
      where: z.object({ field: z.string().min(1).max(64), value: z.string().min(1).max(1000) }).optional(),
      limit: z.number().int().min(1).max(1_000_000).optional(),
    }),
  ),
  "record.create": request<A.Written>()(z.object({ collection: collectionId, values })),
  "record.set": request<A.Written>()(z.object({ record: recordId, values })),
  "record.delete": request<A.Written>()(z.object({ record: recordId })),
  "record.restore": request<A.Written>()(z.object({ record: recordId })),
  /** Of a record by its id, or of an order by its number; of an order with its visits'. */
  "record.history": request<readonly A.HistoryLine[]>()(z.object({ record: ref, limit: z.number().int().min(1).max(1000) })),
  "trash.list": request<readonly (A.RecordData & { readonly deletedAt: EpochMs })[]>()(nothing),
  /** Removes for good what is deleted everywhere, or only says what would go. `days`: how long it stays at least; `without`: not to be waited for. */
  "trash.purge": request<A.PurgeReport>()(
    z.object({ dryRun: z.boolean(), days: z.number().int().min(0).max(36_500).optional(), without: name.optional() }),
  ),

  "order.list": request<readonly A.RecordData[]>()(
    z.object({ status: z.enum(ORDER_STATUSES).optional(), limit: z.number().int().min(1).max(1_000_000).optional() }),
  ),
  /**
   * Orders whose own words, or whose customer's, site's or contact's, begin with all that was typed, or nearly; newest first. Also
   * `status:hold`, `@meier` (a visit's technician), `on:today` (`order-query.ts`).
   */
  "order.search": request<readonly A.RecordData[]>()(z.object({ text: searched, limit: z.number().int().min(1).max(1000).optional() })),
  /** With `notes` and the other texts as strings, and `visits` as a list. */
  "order.get": request<A.RecordData>()(z.object({ order: ref })),
  /** As it was at an earlier time (an instant, or local time as typed), as far as the history here goes back. */
  "order.asOf": request<A.PastOrder>()(z.object({ order: ref, at: z.union([instant, z.string().min(1).max(40)]) })),
  "order.create": request<A.Written>()(z.object({ values })),
  "order.set": request<A.Written>()(z.object({ order: ref, values })),
  /** Several orders as one action: journeys 14 and 23. */
  "order.setMany": request<{ readonly action: ActionId; readonly orders: number }>()(
    z.object({ orders: z.array(recordId).min(1).max(10_000), values }),
  ),
  "order.delete": request<A.Written>()(z.object({ order: ref })),
  "order.restore": request<A.Written>()(z.object({ order: ref })),
  "order.note": request<A.Written>()(z.object({ order: ref, text: text.min(1) })),
  /** `technician`: id or a name that is clear. Without `visit` the one live visit is taken, or a new one made. `at`: instant or local time as typed. */
  "order.assign": request<A.Written>()(
    z.object({
      order: ref,
      technician: z.string().min(1).max(200),
      at: z.union([instant, z.string().max(40)]).optional(),
      minutes: z.number().int().min(5).max(14_400).optional(),
      visit: z.union([recordId, z.literal("new")]).optional(),
    }),
  ),
  /** Moves, hands over or resizes a visit; what is left out stays. */
  "visit.move": request<A.Written>()(
    z.object({
      visit: recordId,
      plannedFrom: instant.optional(),
      plannedMinutes: z.number().int().min(5).max(14_400).optional(),
      technicians: z.array(recordId).max(50).optional(),
    }),
  ),
  /** Back to the tray: the visit is cancelled, its order follows in the same change. */
  "visit.unassign": request<A.Written>()(z.object({ visit: recordId })),
  "visit.setStatus": request<A.Written>()(z.object({ visit: recordId, status: z.string().max(40) })),
  "technician.list": request<readonly A.RecordData[]>()(nothing),

  undo: request<A.Undone>()(z.object({ action: z.string().max(64).optional() })),
  redo: request<A.Undone>()(nothing),

  "notes.open": request<A.OpenNote>()(z.object({ record: recordId, field: z.string().min(1).max(64) })),
  /** Durable when it answers. */
  "notes.push": request<null>()(z.object({ editor: z.string().max(64), update: bytes(100_000) })),
  "notes.close": request<null>()(z.object({ editor: z.string().max(64) })),

  /** Opens the system's dialog (the app's window only); null when it was dismissed. */
  "import.choose": request<A.ImportFile | null>()(nothing),
  "import.upload": request<A.ImportFile>()(z.object({ name: z.string().min(1).max(300), bytes: bytes(64 << 20) })),
  "import.check": request<A.ImportPreview>()(z.object({ token: z.string().max(64), map: importMap })),
  "import.run": request<A.Imported>()(z.object({ token: z.string().max(64), map: importMap })),
  "import.cancel": request<null>()(z.object({ token: z.string().max(64) })),

  "sync.status": request<A.SyncStatus>()(nothing),
  "sync.dial": request<null>()(z.object({ address: z.string().min(1).max(300) })),
  "invite.create": request<A.Invitation>()(z.object({ role: z.enum(["admin", "dispatcher", "viewer"]), long: z.boolean() })),
  "invite.cancel": request<null>()(nothing),

  /** Checks the whole file against itself, beside the board; seconds for a large one. */
  "store.verify": request<A.Verified>()(nothing),
  /** Into the profile's own backups or, from the command line alone, to `file` (absolute, not there yet). Answers once it is checked. */
  "backup.create": request<A.Backup>()(z.object({ file: filePath.optional() })),
  "backup.list": request<A.BackupList>()(nothing),
  /** `name` of one in the list or, from the command line alone, `file`. The host then begins anew, as another replica. */
  "backup.restore": request<A.Restored>()(z.object({ name: z.string().max(100).optional(), file: filePath.optional() })),
} as const;

export type RequestName = keyof typeof requests;
export type Input<Name extends RequestName> = z.input<(typeof requests)[Name]["input"]>;
export type Parsed<Name extends RequestName> = z.output<(typeof requests)[Name]["input"]>;
export type Output<Name extends RequestName> =
  | NonNullable<(typeof requests)[Name]["output"]>
  | Extract<(typeof requests)[Name]["output"], null>;

export interface Events {
  readonly "desk.changed": A.DeskInfo;
  readonly "records.changed": A.RecordsChanged;
  readonly "sync.status": A.SyncStatus;
  /** A note changed by another editor or desk. */
  readonly "notes.changed": {
    readonly record: RecordId;
    readonly field: string;
    readonly update: Uint8Array;
    readonly editor: string | null;
  };
  /** The lease lapsed (the host restarted): open again and apply what is unsent under the new one. */
  readonly "notes.lapsed": { readonly editor: string };
  readonly "import.progress": A.ImportProgress;
  readonly "invite.joined": { readonly device: string; readonly name: string };
  /** A menu or shortcut of the app's window. */
  readonly command: { readonly name: "new-order" | "import" | "invite" | "undo" | "redo" | "sync-panel" | "cheat-sheet" | "trash" };
  /** What undo would take back now; null when nothing. */
  readonly "undo.changed": { readonly undo: string | null; readonly redo: string | null };
}
export type EventName = keyof Events;
export const eventNames = [
  "desk.changed",
  "records.changed",
  "sync.status",
  "notes.changed",
  "notes.lapsed",
  "import.progress",
  "invite.joined",
  "command",
  "undo.changed",
] as const satisfies readonly EventName[];

/** What the board holds, whatever carries it. `window.switchyard` in the app's window has this shape. */
export interface Host {
  /** Rejects with an AppError (code and advice). */
  call<Name extends RequestName>(name: Name, input: Input<Name>): Promise<Output<Name>>;
  /** Returns the way to stop listening. */
  on<Name extends EventName>(name: Name, listener: (data: Events[Name]) => void): () => void;
}
