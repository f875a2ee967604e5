/**
 * The command line's way to the running host: a Unix socket in a folder only the user can enter, or a named pipe. Whoever connects
 * proves itself first (`proof.ts`); then requests and answers are MessagePack frames of `shared/ipc/wire.ts`. Source: trust.md, "Local surfaces".
 */
import { rmSync } from "node:fs";
import net from "node:net";
import process from "node:process";
import { AppError } from "../../shared/errors.ts";
import { requestFrame } from "../../shared/ipc/wire.ts";
import type { Dispatch } from "../ipc/dispatcher.ts";
import { pack, unpack } from "../ipc/packing.ts";
import { type FrameStream, frameStream } from "./frames.ts";
import type { Desk } from "./ports.ts";
import type { Profile } from "./profile.ts";
import { PROOF_LIMIT_BYTES, proveAsHost } from "./proof.ts";
import { preparePlace, socketPlaces } from "./socket-path.ts";

/** An import's file (64 MiB) and its frame. */
const REQUEST_LIMIT_BYTES = 66 << 20;
/** Beyond it a client that does not read is cut off; its answers stand, since they are durable before they are sent. */
const MAX_WAITING_BYTES = 256 << 20;

export interface LocalSocket {
  /** Where it listens: for the run file. */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens for the command line of this profile. Rejects with `local_socket_failed`. */
export const listenLocally = async (
  profile: Profile,
  token: string,
  dispatch: Dispatch,
  onEvent: Desk["onEvent"],
): Promise<LocalSocket> => {
  const open = new Set<FrameStream>();
  const server = net.createServer((socket) => {
    const frames = frameStream(socket, PROOF_LIMIT_BYTES);
    open.add(frames);
    serve(frames, token, dispatch, onEvent)
      .catch((error: unknown) => frames.destroy(error instanceof Error ? error : undefined))
      .finally(() => open.delete(frames));
  });
  const address = await listenAtFirst(server, socketPlaces(profile));
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const frames of open) frames.end();
      }),
  };
};

/** One client from its first byte to its last. Resolves when it is gone. */
const serve = async (frames: FrameStream, token: string, dispatch: Dispatch, onEvent: Desk["onEvent"]): Promise<void> => {
  await proveAsHost(frames, token);
  frames.limit(REQUEST_LIMIT_BYTES);
  const send = (frame: unknown): void => {
    if (frames.waitingBytes > MAX_WAITING_BYTES)
      return frames.destroy(new AppError("slow_client", "The command line did not read its answers; the connection was closed."));
    frames.send(pack(frame));
  };
  const stop = onEvent((name, data) => send({ t: "event", name, data }));
  const gone = new Promise<void>((resolve) => frames.onEnd(() => resolve()));
  frames.onFrame((bytes) => {
    const frame = readRequest(bytes);
    if (frame === undefined) return frames.destroy(new AppError("bad_frame", "A message on the local socket made no sense."));
    void dispatch(frame.name, frame.input, "command-line").then((answer) => {
      if (answer.ok) send({ t: "ok", id: frame.id, output: answer.output });
      else send({ t: "error", id: frame.id, code: answer.code, message: answer.message });
    });
  });
  send({ t: "ready" });
  await gone;
  stop();
};

const readRequest = (bytes: Uint8Array): { readonly id: number; readonly name: string; readonly input: unknown } | undefined => {
  let value: unknown;
  try {
    value = unpack(bytes);
  } catch {
    // Whatever msgpackr makes of garbage, it means one thing here.
    return undefined;
  }
  const parsed = requestFrame.safeParse(value);
  return parsed.success && parsed.data.t === "request" ? parsed.data : undefined;
};

const listenAtFirst = async (server: net.Server, places: readonly string[]): Promise<string> => {
  let cause: unknown;
  for (const place of places) {
    try {
      preparePlace(place);
      // A dead host's socket: we hold the lock, so nobody listens there.
      if (process.platform !== "win32") rmSync(place, { force: true });
      await listenAt(server, place);
      return place;
    } catch (error) {
      cause = error;
    }
  }
  throw new AppError(
    "local_socket_failed",
    "The command line could not be given a way to reach Switchyard. Set XDG_RUNTIME_DIR to a folder of your own with a short path.",
    { cause },
  );
};

const listenAt = (server: net.Server, place: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(place, () => {
      server.off("error", reject);
      resolve();
    });
  });
