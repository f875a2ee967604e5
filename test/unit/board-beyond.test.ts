/** What a board fetches beyond its start: once, when it is needed, and never older than what an event has told. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBeyond } from "../../renderer/state/beyond.ts";
import { createBoard } from "../../renderer/state/board.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";
import { changed, hour, order, recordId, visit } from "./board-fixtures.ts";

const DAY_HOURS = 24;

interface Asked {
  readonly name: string;
  readonly input: unknown;
  answer(value: unknown): Promise<void>;
  fail(): Promise<void>;
}

const open = () => {
  const board = createBoard();
  const asked: Asked[] = [];
  const failed = vi.fn();
  const call = (name: string, input: unknown): Promise<never> =>
    new Promise((resolve, reject) => {
      const settle = (end: () => void) => async () => {
        end();
        await Promise.resolve();
        await Promise.resolve();
      };
      asked.push({
        name,
        input,
        answer: (value) => settle(() => resolve(value as never))(),
        fail: settle(() => reject(new Error("away"))),
      });
    });
  const beyond = createBeyond(board, call, failed);
  const apply = (...records: readonly RecordData[]): void => {
    beyond.heard(changed(...records));
    board.apply(changed(...records));
  };
  return { board, asked, beyond, failed, apply };
};
const bounds = (daysBack: number) => ({ from: hour(-daysBack * DAY_HOURS), to: hour((1 - daysBack) * DAY_HOURS) });
const now = hour(10);

describe("a day long past", () => {
  it("is fetched once, and the days that are held anyway never", async () => {
    const { board, asked, beyond } = open();
    await beyond.day(bounds(0), now);
    await beyond.day(bounds(7), now);
    expect(asked).toEqual([]);
    const first = beyond.day(bounds(30), now);
    await beyond.day(bounds(30), now);
    expect(asked.map(({ name, input }) => [name, input])).toEqual([["board.days", bounds(30)]]);
    await asked[0]?.answer([order("A-1", { status: "closed" }), visit("v", "A-1", "t")]);
    await first;
    expect(board.visitsOf(recordId("A-1"))).toHaveLength(1);
    beyond.reset();
    void beyond.day(bounds(30), now);
    expect(asked).toHaveLength(2);
  });

  it("is asked for again after a failure", async () => {
    const { asked, beyond } = open();
    const first = beyond.day(bounds(30), now);
    await asked[0]?.fail();
    await expect(first).rejects.toThrow("away");
    void beyond.day(bounds(30), now);
    expect(asked).toHaveLength(2);
  });

  it("never overwrites what an event told meanwhile, and is told as nothing new", async () => {
    const { board, asked, beyond, apply } = open();
    const told: boolean[] = [];
    board.onOrders((_orders, loaded) => told.push(loaded));
    void beyond.day(bounds(30), now);
    apply(order("A-1", { title: "newer" }));
    await asked[0]?.answer([order("A-1", { title: "older" }), order("A-2")]);
    expect(board.get("workOrder", "A-1")?.title).toBe("newer");
    expect(board.get("workOrder", "A-2")).toBeDefined();
    expect(told).toEqual([false, true]);
  });
});

describe("looking for words", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("waits until the typing rests and takes the last answer alone", async () => {
    const { board, asked, beyond } = open();
    beyond.lookFor("p");
    vi.advanceTimersByTime(1000);
    expect(asked).toEqual([]);
    beyond.lookFor("pu");
    beyond.lookFor("pump");
    vi.advanceTimersByTime(1000);
    beyond.lookFor("pump s");
    vi.advanceTimersByTime(1000);
    expect(asked.map(({ input }) => input)).toEqual([
      { text: "pump", limit: 50 },
      { text: "pump s", limit: 50 },
    ]);
    await asked[1]?.answer({ orders: [recordId("A-2")], records: [order("A-2")] });
    await asked[0]?.answer({ orders: [recordId("A-1")], records: [order("A-1")] });
    expect(beyond.state.get().found).toEqual({ text: "pump s", orders: ["A-2"], isAll: true });
    expect(board.all("workOrder")).toHaveLength(2);
  });

  it("looks again when the board was loaded anew", async () => {
    const { board, asked, beyond } = open();
    beyond.lookFor("pump");
    vi.advanceTimersByTime(1000);
    await asked[0]?.answer({ orders: [recordId("A-1")], records: [order("A-1")] });
    board.load([]);
    beyond.reset();
    expect(beyond.state.get().found.orders).toEqual([]);
    vi.advanceTimersByTime(1000);
    await asked[1]?.answer({ orders: [recordId("A-1")], records: [order("A-1")] });
    expect(beyond.state.get().found).toEqual({ text: "pump", orders: ["A-1"], isAll: true });
    expect(board.get("workOrder", "A-1")).toBeDefined();
  });

  it("says when there may be more than it was answered", async () => {
    const { asked, beyond } = open();
    beyond.lookFor("pump");
    vi.advanceTimersByTime(1000);
    await asked[0]?.answer({ orders: Array.from({ length: 50 }, (_, n) => recordId(`A-${n}`)), records: [] });
    expect(beyond.state.get().found.isAll).toBe(false);
  });

  it("says a failure", async () => {
    const { asked, beyond, failed } = open();
    beyond.lookFor("pump");
    vi.advanceTimersByTime(1000);
    await asked[0]?.fail();
    expect(failed).toHaveBeenCalledOnce();
  });
});

describe("the list", () => {
  it("goes on where it ended until it is whole, one page at a time", async () => {
    const { asked, beyond } = open();
    const first = beyond.older();
    await beyond.older();
    expect(asked.map(({ input }) => input)).toEqual([{ before: null, limit: 200 }]);
    await asked[0]?.answer({ records: [order("A-9")], before: recordId("A-9") });
    await first;
    expect(beyond.state.get().before).toBe("A-9");
    const second = beyond.older();
    expect(asked[1]?.input).toEqual({ before: "A-9", limit: 200 });
    await asked[1]?.answer({ records: [], before: null });
    await second;
    await beyond.older();
    expect(asked).toHaveLength(2);
  });
});

describe("an order that is opened", () => {
  it("is fetched when it is not there", async () => {
    const { board, asked, beyond, apply } = open();
    apply(order("A-1"));
    await beyond.record(recordId("A-1"));
    expect(asked).toEqual([]);
    void beyond.record(recordId("A-2"));
    void beyond.record(recordId("A-2"));
    await asked[0]?.answer([order("A-2")]);
    expect(board.get("workOrder", "A-2")).toBeDefined();
    expect(asked).toHaveLength(1);
  });

  it("is asked for again after a failure", async () => {
    const { asked, beyond } = open();
    const first = beyond.record(recordId("A-2"));
    await asked[0]?.fail();
    await expect(first).rejects.toThrow("away");
    void beyond.record(recordId("A-2"));
    expect(asked).toHaveLength(2);
  });
});
