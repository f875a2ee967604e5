/** Records for tests of the board's state: an office in New York on one day, made with as few words as a test needs. */
import { BOARD_COLLECTIONS, type BoardCollection } from "../../shared/domain/records.ts";
import { type CollectionId, type EpochMs, parseCollectionId, parseEpochMs, parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { RecordData, RecordsChanged } from "../../shared/ipc/answers.ts";

export const DAY = "2026-11-24";
export const ZONE = "America/New_York";

/** 00:00 of the day in New York. */
const MIDNIGHT = Date.UTC(2026, 10, 24, 5);

/** An instant of the day by its hour; 10.5 is half past ten. */
export const hour = (hours: number): EpochMs => {
  const at = parseEpochMs(MIDNIGHT + hours * 3_600_000);
  if (at === undefined) throw new Error(`${hours} is no hour`);
  return at;
};

export const recordId = (text: string): RecordId => {
  const id = parseRecordId(text);
  if (id === undefined) throw new Error(`${text} is no record id`);
  return id;
};

const collectionId = (name: string): CollectionId => {
  const id = parseCollectionId(name);
  if (id === undefined) throw new Error(`${name} is no collection`);
  return id;
};

const COLLECTIONS = Object.fromEntries(BOARD_COLLECTIONS.map((name) => [name, collectionId(name)]));

export const record = (collection: BoardCollection, id: string, fields: Readonly<Record<string, unknown>>): RecordData => ({
  id: recordId(id),
  collection: COLLECTIONS[collection] ?? collectionId(collection),
  ...fields,
});

export const order = (number: string, fields: Readonly<Record<string, unknown>> = {}): RecordData =>
  record("workOrder", number, {
    number,
    title: `Title of ${number}`,
    status: "new",
    requestedFrom: hour(10),
    requestedTo: hour(12),
    ...fields,
  });

export const visit = (id: string, workOrder: string, technician: string, fields: Readonly<Record<string, unknown>> = {}): RecordData =>
  record("visit", id, {
    workOrder,
    technicians: [technician],
    lead: technician,
    status: "planned",
    plannedFrom: hour(10),
    plannedMinutes: 60,
    ...fields,
  });

export const technician = (id: string, name: string): RecordData => record("technician", id, { name, active: true });

export const changed = (...records: readonly RecordData[]): RecordsChanged => ({ changed: records, gone: [], by: { kind: "here" } });
export const gone = (...ids: readonly string[]): RecordsChanged => ({ changed: [], gone: ids.map(recordId), by: { kind: "here" } });
