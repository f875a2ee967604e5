/** The dispatcher: nothing unparsed reaches a handler, nothing thrown gets out, and each refusal has a code and a sentence. */
import { expect, test } from "vitest";
import type { Caller } from "../../main/host/ports.ts";
import { type AllHandlers, createDispatcher } from "../../main/ipc/dispatcher.ts";
import { AppError } from "../../shared/errors.ts";

const heard: unknown[] = [];
const calls: { readonly input: unknown; readonly caller: Caller }[] = [];
const handlers = {
  "order.get": (input: { order: string }, caller: Caller) => {
    calls.push({ input, caller });
    if (input.order === "A-404") throw new AppError("no_such_order", "There is no order A-404.");
    if (input.order === "broken") throw new TypeError("undefined is not a function");
    return { id: input.order };
  },
} as unknown as AllHandlers;
const dispatch = createDispatcher(handlers, (error) => heard.push(error));

test("a handler gets the parsed input and the caller, and its answer comes back", async () => {
  expect(await dispatch("order.get", { order: "  A-42 ", unknown: 1 }, "browser")).toEqual({ ok: true, output: { id: "A-42" } });
  expect(calls.at(-1)).toEqual({ input: { order: "A-42" }, caller: "browser" });
});

test.each([
  ["order.get", {}, "bad_input", /order\.get: order: /],
  ["order.get", null, "bad_input", /order\.get: /],
  ["order.get", { order: "x".repeat(65) }, "bad_input", /order/],
  ["no.such", {}, "unknown_request", /no\.such/],
  ["__proto__", {}, "unknown_request", /__proto__/],
  ["toString", {}, "unknown_request", /toString/],
])("%s with %j is refused before any handler", async (name, input, code, message) => {
  const before = calls.length;
  expect(await dispatch(name, input, "window")).toEqual({ ok: false, code, message: expect.stringMatching(message) });
  expect(calls).toHaveLength(before);
});

test("an AppError keeps its code and advice; anything else is ours, told as such and logged", async () => {
  expect(await dispatch("order.get", { order: "A-404" }, "window")).toEqual({
    ok: false,
    code: "no_such_order",
    message: "There is no order A-404.",
  });
  expect(heard).toEqual([]);
  expect(await dispatch("order.get", { order: "broken" }, "window")).toMatchObject({ ok: false, code: "internal" });
  expect(heard).toEqual([expect.any(TypeError)]);
});
