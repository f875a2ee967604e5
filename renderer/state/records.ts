/**
 * An order as the board holds it: the shared reading, and whether it stands only because it was edited while someone
 * deleted it.
 */
import { orderIn } from "../../shared/domain/read.ts";
import type { WorkOrder } from "../../shared/domain/records.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";

export interface BoardOrder extends WorkOrder {
  readonly editedWhileDeleted: boolean;
}

export const orderFrom = (data: RecordData): BoardOrder => ({ ...orderIn(data), editedWhileDeleted: data["editedWhileDeleted"] === true });
