/**
 * What the live set does not hold from its start, brought in when somebody looks for it: a day long past, an order that is opened, what
 * words find, older orders of the list. It stays and follows change events like all else. A record that an event told of while it was
 * asked for is newer than the answer, and stays.
 */
import { boardDays } from "../../shared/domain/board-days.ts";
import type { EpochMs, RecordId } from "../../shared/ids.ts";
import type { RecordData, RecordsChanged } from "../../shared/ipc/answers.ts";
import type { Input, Output, RequestName } from "../../shared/ipc/contract.ts";
import type { Board } from "./board.ts";
import { rememberFound } from "./search.ts";
import { createStore, type Store } from "./store.ts";

type Call = <Name extends RequestName>(name: Name, input: Input<Name>) => Promise<Output<Name>>;

export interface BeyondState {
  /** What was last looked for, and the orders that the whole desk knows for it, best first. */
  readonly found: { readonly text: string; readonly orders: readonly RecordId[]; readonly isAll: boolean };
  /** The list is whole down to this order; null: it is whole; undefined: nothing was asked for yet. */
  readonly before: RecordId | null | undefined;
}

export interface Beyond {
  readonly state: Store<BeyondState>;
  /** A day is looked at; fetched once if it lies before what the board holds anyway. */
  readonly day: (bounds: { readonly from: EpochMs; readonly to: EpochMs }, now: EpochMs) => Promise<void>;
  /** A record is opened; fetched if it is not there. */
  readonly record: (id: RecordId) => Promise<void>;
  /** Looks through all that the desk holds for what is being typed, once the typing rests. */
  readonly lookFor: (typed: string) => void;
  /** The next older orders of the list. */
  readonly older: () => Promise<void>;
  /** An event came. */
  readonly heard: (change: RecordsChanged) => void;
  /** The board was loaded anew: nothing is there beyond it; what was looked for last is looked for again. */
  readonly reset: () => void;
}

/** Orders of the list that are fetched at once: a few screens. */
const PAGE = 200;
/** Orders that words find at most: more are narrowed by more words, not read through. */
const FOUND = 50;
const NOTHING: BeyondState = { found: { text: "", orders: [], isAll: true }, before: undefined };

/** One letter finds too much. */
const SHORTEST = 2;
const REST_MS = 120;

/** `failed`: told what went wrong with looking for something typed. */
export const createBeyond = (board: Board, call: Call, failed: (error: unknown) => void): Beyond => {
  const state = createStore<BeyondState>(NOTHING);
  const days = new Set<number>();
  const moved = new Set<RecordId>();
  let asking = 0;
  let isPaging = false;
  let opened: RecordId | undefined;
  let wanted = "";
  let rest: ReturnType<typeof setTimeout> | undefined;

  const bring = async <Answer>(ask: Promise<Answer>, recordsOf: (answer: Answer) => readonly RecordData[]): Promise<Answer> => {
    asking++;
    try {
      const answer = await ask;
      board.add(recordsOf(answer).filter(({ id }) => !moved.has(id)));
      return answer;
    } finally {
      asking--;
      if (asking === 0) moved.clear();
    }
  };

  const find = async (text: string): Promise<void> => {
    const { orders } = await bring(call("board.find", { text, limit: FOUND }), (answer) => {
      // Before the records come in: what they redraw filters by it.
      rememberFound(board, text, answer.orders);
      return answer.records;
    });
    if (text === wanted) state.set({ found: { text, orders, isAll: orders.length < FOUND } });
  };

  const lookFor = (typed: string): void => {
    const text = typed.trim();
    if (text === wanted) return;
    wanted = text;
    clearTimeout(rest);
    if (text.length >= SHORTEST) rest = setTimeout(() => find(text).catch(failed), REST_MS);
  };

  return {
    state,
    day: async (bounds, now) => {
      if (bounds.from >= boardDays(now).from || days.has(bounds.from)) return;
      days.add(bounds.from);
      try {
        await bring(call("board.days", bounds), (records) => records);
      } catch (error) {
        days.delete(bounds.from);
        throw error;
      }
    },
    record: async (id) => {
      if (opened === id) return;
      opened = id;
      if (board.get("workOrder", id) !== undefined) return;
      try {
        await bring(call("board.take", { records: [id] }), (records) => records);
      } catch (error) {
        opened = undefined;
        throw error;
      }
    },
    lookFor,
    older: async () => {
      const { before = null } = state.get();
      if (isPaging || state.get().before === null) return;
      isPaging = true;
      try {
        const page = await bring(call("board.orders", { before, limit: PAGE }), ({ records }) => records);
        state.set({ before: page.before });
      } finally {
        isPaging = false;
      }
    },
    heard: ({ changed, gone }) => {
      if (asking === 0) return;
      for (const { id } of changed) moved.add(id);
      for (const id of gone) moved.add(id);
    },
    reset: () => {
      days.clear();
      opened = undefined;
      state.set(NOTHING);
      const typed = wanted;
      wanted = "";
      lookFor(typed);
    },
  };
};
