/**
 * What a typed id, number or name means: orders by number (contracts.md), everything else by id or by a name that is clear.
 * Never a guess: several candidates are an error that lists them.
 */

import { unusable } from "../../shared/domain/field-writes.ts";
import { chooseOrder, readNumber } from "../../shared/domain/numbers.ts";
import { textIn } from "../../shared/domain/read.ts";
import { AppError } from "../../shared/errors.ts";
import { type CollectionId, parseRecordId, type RecordId } from "../../shared/ids.ts";
import type { FieldDef } from "../../shared/schema/types.ts";
import type { RecordRow, Store } from "../store/api.ts";
import { type DeskContext, ORDER, TECHNICIAN } from "./context.ts";

const MOST_LISTED = 8;
const list = (names: readonly string[]): string =>
  names.length <= MOST_LISTED ? names.join(", ") : `${names.slice(0, MOST_LISTED).join(", ")} and ${names.length - MOST_LISTED} more`;

/** A record that must be there and live. Throws `not_found`. */
export const liveRow = (store: Store, id: RecordId): RecordRow => {
  const row = store.row(id);
  if (row !== undefined) return row;
  const deleted = store.row(id, { deleted: true });
  throw new AppError(
    "not_found",
    deleted === undefined ? `There is no record "${id}" here.` : `${nameOf(deleted)} is deleted. Restore it first.`,
  );
};

/** The order meant by an id or a number; with `deleted` also one that was deleted. Throws `not_found`, `ambiguous_number`. */
export const orderOf = (store: Store, ref: string, options: { readonly deleted?: boolean } = {}): RecordRow => {
  const id = parseRecordId(ref);
  const byId = id === undefined ? undefined : store.row(id, { deleted: true });
  if (byId?.collection === ORDER) return orderAllowed(byId, options);
  const typed = readNumber(ref);
  const ids = typed.kind === "whole" ? store.byNumber(typed.number) : typed.kind === "digits" ? store.byDigits(typed.digits) : [];
  const rows = ids.flatMap((one) => store.row(one, { deleted: true }) ?? []);
  const live = rows.filter(({ deleted }) => !deleted);
  const candidates = live.length > 0 || rows.length === 0 ? live : rows;
  const choice = chooseOrder(
    candidates.map((row) => ({ row, number: textIn(row["number"]) })),
    store.letters,
  );
  if (choice.kind === "one") return orderAllowed(choice.order.row, options);
  if (choice.kind === "none") throw new AppError("not_found", `There is no order "${ref}" on this desk.`);
  const names = choice.orders.map(({ row, number }) => (typed.kind === "digits" && number !== null ? number : row.id));
  throw new AppError("ambiguous_number", `"${ref}" may be ${list(names)}. Give the whole ${typed.kind === "digits" ? "number" : "id"}.`);
};

const orderAllowed = (row: RecordRow & { readonly deleted: boolean }, options: { readonly deleted?: boolean }): RecordRow => {
  if (row.deleted && options.deleted !== true) throw new AppError("not_found", `${nameOf(row)} is deleted. Restore it first.`);
  return row;
};

/** What people call a record. */
export const nameOf = (row: RecordRow): string =>
  textIn(row["number"]) ?? textIn(row["name"]) ?? textIn(row["title"]) ?? textIn(row["address"]) ?? row.id;

/** How a typed name fits: whole, or as the start of one of its words. */
const fits = (name: string, typed: string): "whole" | "part" | undefined => {
  const lower = name.toLowerCase();
  if (lower === typed) return "whole";
  return lower.split(/\s+/).some((_, index, words) => words.slice(index).join(" ").startsWith(typed)) ? "part" : undefined;
};

type Found =
  | { readonly kind: "one"; readonly id: RecordId }
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly names: string[] };

const byName = (store: Store, collection: CollectionId, text: string): Found => {
  const typed = text.trim().toLowerCase();
  const rows = store.rows([collection]).map((row) => ({ id: row.id, name: nameOf(row) }));
  const whole = rows.filter(({ name }) => fits(name, typed) === "whole");
  const candidates = whole.length > 0 ? whole : rows.filter(({ name }) => fits(name, typed) === "part");
  const [first, ...others] = candidates;
  if (first === undefined) return { kind: "none" };
  const isAlone = (name: string): boolean => candidates.filter((each) => each.name === name).length === 1;
  return others.length === 0
    ? { kind: "one", id: first.id }
    : { kind: "several", names: candidates.map(({ id, name }) => (isAlone(name) ? name : `${name} (${id})`)) };
};

/** The record that a value of a reference means. Throws `unusable_value`. */
export const findFor =
  (store: Store) =>
  (collection: CollectionId, text: string, field: FieldDef): RecordId => {
    const id = parseRecordId(text);
    if (id !== undefined && store.row(id)?.collection === collection) return id;
    if (collection === ORDER) {
      try {
        return orderOf(store, text).id;
      } catch (error) {
        throw error instanceof AppError ? unusable(field, error.advice) : error;
      }
    }
    const found = byName(store, collection, text);
    if (found.kind === "one") return found.id;
    throw unusable(field, found.kind === "none" ? `there is no ${collection} "${text}".` : `"${text}" may be ${list(found.names)}.`);
  };

/** The technician that an id or a name means. Throws `not_found`, `ambiguous_name`. */
export const technicianOf = ({ deps: { store } }: DeskContext, text: string): RecordRow => {
  const id = parseRecordId(text);
  const byId = id === undefined ? undefined : store.row(id);
  if (byId?.collection === TECHNICIAN) return byId;
  const found = byName(store, TECHNICIAN, text);
  if (found.kind === "one") return liveRow(store, found.id);
  if (found.kind === "none") throw new AppError("not_found", `Technician: nobody has the name "${text}".`);
  throw new AppError("ambiguous_name", `Technician: "${text}" may be ${list(found.names)}.`);
};
