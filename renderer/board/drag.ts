/**
 * What travels with a dragged order, so that columns, the tray and the schedule's rows know it. Behaviour without React:
 * every registration returns its clean-up. The keyboard way is in `keys.ts`.
 */
import { parseRecordId, type RecordId } from "../../shared/ids.ts";

type DragData = Record<string | symbol, unknown>;

export const orderDrag = (order: RecordId): DragData => ({ kind: "order", order });

/** The order in the hand; undefined when something else is dragged. */
export const draggedOrder = (data: DragData): RecordId | undefined =>
  data["kind"] === "order" && typeof data["order"] === "string" ? parseRecordId(data["order"]) : undefined;

/** The visit in the hand: a bar of the schedule. */
export const draggedVisit = (data: DragData): RecordId | undefined =>
  data["kind"] === "visit" && typeof data["visit"] === "string" ? parseRecordId(data["visit"]) : undefined;
