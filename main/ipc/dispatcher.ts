/**
 * Where requests of the contract come in, whatever carried them: parses the input by its schema, calls the handler, and turns
 * whatever it throws into a code and a sentence. Nothing thrown gets past it, and no input reaches a handler unparsed.
 */
import type { z } from "zod";
import { AppError } from "../../shared/errors.ts";
import { type RequestName, requests } from "../../shared/ipc/contract.ts";
import type { Caller, Handlers, HostHandlers } from "../host/ports.ts";

/** The whole contract: what the desk answers and what the process itself does. */
export type AllHandlers = Handlers & HostHandlers;

export type Answer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Answers one request; never rejects. */
export type Dispatch = (name: string, input: unknown, caller: Caller) => Promise<Answer>;

/** `unexpected` hears of what was thrown and is no AppError: a fault of ours, for the log. */
export const createDispatcher =
  (handlers: AllHandlers, unexpected: (error: unknown, name: string) => void): Dispatch =>
  async (name, input, caller) => {
    if (!isRequestName(name)) return { ok: false, code: "unknown_request", message: `This Switchyard knows no request "${name}".` };
    const parsed = requests[name].input.safeParse(input);
    if (!parsed.success) return { ok: false, code: "bad_input", message: `${name}: ${describe(parsed.error)}` };
    try {
      return { ok: true, output: await callHandler(handlers, name, parsed.data, caller) };
    } catch (error) {
      if (!(error instanceof AppError)) unexpected(error, name);
      return refusal(error);
    }
  };

/** What a caller is told of an error: an AppError's own code and advice, or that the fault is ours. */
export const refusal = (error: unknown): Extract<Answer, { ok: false }> =>
  error instanceof AppError
    ? { ok: false, code: error.code, message: error.advice }
    : {
        ok: false,
        code: "internal",
        message: "Something went wrong inside Switchyard; nothing was changed by this step. The log has the details.",
      };

const isRequestName = (name: string): name is RequestName => Object.hasOwn(requests, name);

/** The one place that pairs a name with its own input: the schema of the same name has just parsed it. */
const callHandler = (handlers: AllHandlers, name: RequestName, input: unknown, caller: Caller): unknown =>
  (handlers[name] as (input: unknown, caller: Caller) => unknown)(input, caller);

const describe = (error: z.ZodError): string => {
  const [first] = error.issues;
  if (first === undefined) return "unusable input";
  return first.path.length === 0 ? first.message : `${first.path.join(".")}: ${first.message}`;
};
