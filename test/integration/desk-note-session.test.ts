/**
 * The board's side of a note (`renderer/order/notes/note-session.ts`) against a real desk: what is typed is durable without a
 * save button, others' words come in, and a restart, a host that is away and a closed panel lose nothing.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type * as Y from "yjs";
import type { HostRequestName } from "../../main/host/ports.ts";
import { openNoteSession } from "../../renderer/order/notes/note-session.ts";
import { noteText } from "../../shared/crdt/notes/doc.ts";
import { AppError } from "../../shared/errors.ts";
import type { RecordId } from "../../shared/ids.ts";
import type { EventName, Events, Host, RequestName } from "../../shared/ipc/contract.ts";
import { makeOrder, openTestDesk, type TestDesk } from "./desk-fixture.ts";

let desk: TestDesk;
let order: RecordId;
beforeEach(async () => {
  desk = await openTestDesk();
  order = (await makeOrder(desk)).id;
});
afterEach(() => desk.close());

const isOfHost = (name: RequestName): name is HostRequestName => !Object.hasOwn(desk.desk.handlers, name);

/** A window's carrier: the desk itself, a tick away, and sometimes not there. */
class Line {
  isAway = false;
  calls: string[] = [];
  readonly host: Host = {
    call: async (name, input) => {
      this.calls.push(name);
      await new Promise((resolve) => setImmediate(resolve));
      if (this.isAway) throw new AppError("host_away", "Switchyard does not answer.");
      if (isOfHost(name)) throw new AppError("unknown_request", "The desk alone does not answer this.");
      return (await desk.call(name, input as never)) as never;
    },
    on: <Name extends EventName>(name: Name, listener: (data: Events[Name]) => void) =>
      desk.listen((heard) => {
        if (heard.name === name && !this.isAway) listener(heard.data as Events[Name]);
      }),
  };
}

/** An editor's window on the order's note. */
const openWindow = async (line = new Line()) => {
  const docs: Y.Doc[] = [];
  const troubles: (string | null)[] = [];
  const session = openNoteSession({
    host: line.host,
    record: order,
    field: "notes",
    opened: (doc) => docs.push(doc),
    trouble: (advice) => troubles.push(advice),
  });
  const window = {
    line,
    session,
    docs,
    troubles,
    text: () => noteText(docs.at(-1)!).toString(),
    type: (place: number, words: string) => noteText(docs.at(-1)!).insert(place, words),
  };
  await expect.poll(() => docs.length, { timeout: 10_000 }).toBe(1);
  return window;
};
const stored = async (): Promise<unknown> => (await desk.call("order.get", { order }))["notes"];

describe("a note session", () => {
  test("keeps what is typed in few steps, and shows it in the other window", async () => {
    const left = await openWindow();
    const right = await openWindow();
    for (const [index, character] of [..."Need a valve"].entries()) left.type(index, character);
    await expect.poll(stored, { timeout: 10_000 }).toBe("Need a valve");
    expect(right.text()).toBe("Need a valve");
    expect(left.line.calls.filter((name) => name === "notes.push")).toHaveLength(1);
    expect(left.troubles.every((one) => one === null)).toBe(true);
  });

  test("sends the last words when it is closed, and gives its lease back", async () => {
    const left = await openWindow();
    left.type(0, "the last words");
    left.session.close();
    await expect.poll(() => left.line.calls.at(-1), { timeout: 10_000 }).toBe("notes.close");
    expect(await stored()).toBe("the last words");
  });

  test("opens again after a restart of the host and writes once more what was not safe", async () => {
    const left = await openWindow();
    left.type(0, "safe ");
    await expect.poll(stored, { timeout: 10_000 }).toBe("safe ");
    left.type(5, "not yet");
    noteText(left.docs[0]!).delete(0, 1);
    desk.reopen();
    await expect.poll(stored, { timeout: 10_000 }).toBe("afe not yet");
    expect(left.docs).toHaveLength(2);
    expect(left.text()).toBe("afe not yet");
  });

  test("waits for a host that is away, says so, and goes on with all of it, also when the panel is closed meanwhile", async () => {
    const left = await openWindow();
    left.line.isAway = true;
    left.type(0, "typed while away");
    await expect.poll(() => left.troubles.at(-1), { timeout: 10_000 }).toBe("Switchyard does not answer.");
    expect(left.text()).toBe("typed while away");
    await desk.call("order.note", { order, text: "said elsewhere" });
    left.session.close();
    desk.reopen();
    left.line.isAway = false;
    await expect.poll(stored, { timeout: 10_000 }).toMatch(/typed while away/);
    expect(String(await stored()).length).toBe("typed while awaysaid elsewhere".length + (String(await stored()).includes("\n") ? 1 : 0));
  });

  test("cuts a very large paste into what the contract takes", async () => {
    const left = await openWindow();
    const text = "A long report. 😀 ".repeat(12_000);
    left.type(0, text);
    await expect.poll(stored, { timeout: 20_000 }).toBe(text);
    expect(left.line.calls.filter((name) => name === "notes.push").length).toBeGreaterThan(2);
  });
});
