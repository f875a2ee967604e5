/**
 * What boards ask for: what they start with, and what they bring in beyond it: days long past, what was found, older orders of the list.
 * All of it is followed from then on (`board-set.ts`).
 */
import type { RecordId } from "../../shared/ids.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import type { Handlers } from "../host/ports.ts";
import type { RecordRow } from "../store/api.ts";
import type { BoardSet } from "./board-set.ts";
import { plainRow } from "./changes.ts";
import { CONTACT, CUSTOMER, type DeskContext, ORDER, SITE } from "./context.ts";
import { findOrders } from "./find-orders.ts";

const FOUND = 50;

type Board = Pick<Handlers, "board.load" | "board.days" | "board.take" | "board.find" | "board.orders">;

export const createBoard = (context: DeskContext, board: BoardSet): Board => {
  const { store } = context.deps;
  const plain = (rows: readonly RecordRow[]) => rows.map(plainRow);
  return {
    "board.load": () => ({
      types: BUILT_IN_TYPES,
      zone: context.zone(),
      records: store.workspace === undefined ? [] : plain(board.load()),
    }),
    "board.days": (days) => plain(board.days(days)),
    "board.take": ({ records }) => plain(board.take(records)),
    "board.find": async ({ text, limit = FOUND }) => {
      const orders = (await findOrders(context, text, limit)).map(({ id }) => id);
      const named: readonly RecordId[] = store.search(text, [CUSTOMER, SITE, CONTACT], limit).map(({ id }) => id);
      return { orders, records: plain(board.take([...orders, ...named])) };
    },
    "board.orders": ({ before, limit }) => {
      const orders = store.page(ORDER, before, limit).map(({ id }) => id);
      return { records: plain(board.take(orders)), before: orders.length < limit ? null : (orders.at(-1) ?? null) };
    },
  };
};
