/**
 * The contract's frames where a stream carries it: the board's WebSocket and the command line's local socket.
 * Each frame is one MessagePack value. On the WebSocket the first frame is `session`, and nothing is answered before it;
 * on the local socket the HMAC proofs come first (`main/host/local-socket.ts`). Frames are parsed once, here.
 */
import { z } from "zod";
import { type EventName, eventNames, type RequestName, requests } from "./contract.ts";

const requestName = z.custom<RequestName>((value) => typeof value === "string" && Object.hasOwn(requests, value), "unknown request");
const eventName = z.custom<EventName>(
  (value) => typeof value === "string" && (eventNames as readonly string[]).includes(value),
  "unknown event",
);
const id = z.number().int().min(0);

/** From the board or the command line. */
export const requestFrame = z.discriminatedUnion("t", [
  z.object({ t: z.literal("session"), token: z.string().min(1).max(200) }),
  z.object({ t: z.literal("request"), id, name: requestName, input: z.unknown() }),
]);
export type RequestFrame = z.output<typeof requestFrame>;

/** From the host. */
export const answerFrame = z.discriminatedUnion("t", [
  z.object({ t: z.literal("ready") }),
  z.object({ t: z.literal("ok"), id, output: z.unknown() }),
  z.object({ t: z.literal("error"), id, code: z.string(), message: z.string() }),
  z.object({ t: z.literal("event"), name: eventName, data: z.unknown() }),
]);
export type AnswerFrame = z.output<typeof answerFrame>;

/** Where the board's page trades its one-time code (`POST`, JSON `{ code }`) for a session token (JSON `{ token }`). */
export const SESSION_PATH = "/session";
/** Where the board's WebSocket connects, on the page's own origin. */
export const SOCKET_PATH = "/socket";
