/**
 * One open board in a browser: a WebSocket that carries the contract's frames (`shared/ipc/wire.ts`). Nothing is answered before its
 * first frame names a session; garbage closes it; a browser that does not read is cut off and loads the board anew when it is back.
 */
import type { RawData, WebSocket } from "ws";
import { type RequestFrame, requestFrame } from "../../shared/ipc/wire.ts";
import type { Desk } from "../host/ports.ts";
import type { Dispatch } from "../ipc/dispatcher.ts";
import { pack, unpack } from "../ipc/packing.ts";

/** Close codes of our own (RFC 6455 leaves 4000 to 4999 to applications); `renderer/state/connect.ts` knows them too. */
export const CLOSE_BAD_FRAME = 4400;
export const CLOSE_NO_SESSION = 4401;
export const CLOSE_TOO_SLOW = 4408;

const SESSION_DEADLINE_MS = 10_000;
/** What may wait for a browser to read it before anything more is sent; one large answer may go beyond. */
const MAX_WAITING_BYTES = 32 << 20;

export interface BoardPeer {
  isSession(token: string): boolean;
  readonly dispatch: Dispatch;
  readonly onEvent: Desk["onEvent"];
}

/** Serves one WebSocket until it closes. */
export const serveBoardSocket = (socket: WebSocket, { isSession, dispatch, onEvent }: BoardPeer): void => {
  let stop: (() => void) | undefined;
  const deadline = setTimeout(() => socket.close(CLOSE_NO_SESSION, "no session"), SESSION_DEADLINE_MS);
  const send = (frame: unknown): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_WAITING_BYTES) {
      socket.close(CLOSE_TOO_SLOW, "too slow");
      socket.terminate();
      return;
    }
    socket.send(pack(frame));
  };
  const receive = (frame: RequestFrame): void => {
    if (frame.t === "session") {
      if (stop !== undefined || !isSession(frame.token)) return socket.close(CLOSE_NO_SESSION, "no session");
      clearTimeout(deadline);
      stop = onEvent((name, data) => send({ t: "event", name, data }));
      return send({ t: "ready" });
    }
    if (stop === undefined) return socket.close(CLOSE_NO_SESSION, "no session");
    void dispatch(frame.name, frame.input, "browser").then((answer) =>
      send(
        answer.ok
          ? { t: "ok", id: frame.id, output: answer.output }
          : { t: "error", id: frame.id, code: answer.code, message: answer.message },
      ),
    );
  };
  socket.on("message", (data, isBinary) => {
    const frame = isBinary ? readFrame(data) : undefined;
    if (frame === undefined) return socket.close(CLOSE_BAD_FRAME, "bad frame");
    receive(frame);
  });
  // An error is always followed by `close`; there is nobody to tell.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    clearTimeout(deadline);
    stop?.();
  });
};

const readFrame = (data: RawData): RequestFrame | undefined => {
  if (!Buffer.isBuffer(data)) return undefined;
  try {
    return requestFrame.safeParse(unpack(data)).data;
  } catch {
    // Whatever msgpackr makes of garbage, it means one thing here.
    return undefined;
  }
};
