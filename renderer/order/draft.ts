/**
 * A new order while it is typed, during a call. What it refers to may be new too: customer and site are made with it.
 */

import type { Priority } from "../../shared/domain/status.ts";
import type { CollectionId, RecordId } from "../../shared/ids.ts";
import { parseCollectionId, parseRecordId } from "../../shared/ids.ts";
import type { Written } from "../../shared/ipc/answers.ts";
import { call } from "../state/desk.ts";
import type { TypedWindow } from "../state/typed-time.ts";

/** A record that is there, or the name of one to make. */
export type Named =
  | { readonly kind: "known"; readonly id: RecordId; readonly name: string }
  | { readonly kind: "new"; readonly name: string };

export interface OrderDraft {
  readonly customer: Named | undefined;
  readonly site: Named | undefined;
  readonly title: string;
  readonly priority: Priority;
  readonly window: TypedWindow | undefined;
}

const collection = (name: string): CollectionId => {
  const id = parseCollectionId(name);
  if (id === undefined) throw new Error(`${name} is no collection`);
  return id;
};

export const named = (id: string, name: string): Named | undefined => {
  const record = parseRecordId(id);
  return record === undefined ? undefined : { kind: "known", id: record, name };
};

const isSame = (a: unknown, b: unknown): boolean => String(a ?? "").toLowerCase() === String(b ?? "").toLowerCase();

/** The record's id; makes it first when it is new, unless the desk knows exactly one such that the board did not show yet. */
export const ensure = async (
  name: "customer" | "site" | "contact",
  wanted: Named | undefined,
  values: Record<string, string | null>,
): Promise<RecordId | null> => {
  if (wanted === undefined) return null;
  if (wanted.kind === "known") return wanted.id;
  const { records } = await call("board.find", { text: wanted.name });
  const [known, ...others] = records.filter(
    (record) => record.collection === name && Object.entries(values).every(([field, value]) => isSame(record[field], value)),
  );
  if (known !== undefined && others.length === 0) return known.id;
  const written = await call("record.create", { collection: collection(name), values });
  return written.record.id;
};

/** Rejects with an AppError; nothing of the order is written then. */
export const createOrder = async (draft: OrderDraft): Promise<Written> => {
  const customer = await ensure("customer", draft.customer, { name: draft.customer?.name ?? "" });
  const site = await ensure("site", draft.site, { address: draft.site?.name ?? "", customer });
  return call("order.create", {
    values: {
      title: draft.title,
      priority: draft.priority,
      ...(customer === null ? {} : { customer }),
      ...(site === null ? {} : { site }),
      ...(draft.window === undefined ? {} : { requestedFrom: draft.window.from, requestedTo: draft.window.to }),
    },
  });
};
