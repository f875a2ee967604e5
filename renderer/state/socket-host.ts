/**
 * The contract over a WebSocket, for the board in a plain browser. The session token is the first frame; requests wait until
 * the host is ready. A lost socket is dialled again with growing pauses; what was asked meanwhile fails with `host_away`, since
 * nobody knows whether it was done. After a return `ready` is told again, and the board loads afresh.
 */
import { Packr } from "msgpackr/pack";
import { AppError } from "../../shared/errors.ts";
import type { EventName, Events, Host, Input, Output, RequestName } from "../../shared/ipc/contract.ts";
import { answerFrame, type RequestFrame } from "../../shared/ipc/wire.ts";

const PAUSES_MS = [250, 500, 1000, 2000, 5000] as const;

const packr = new Packr({ useRecords: false });

export type Link = "connecting" | "ready" | "away" | "refused";

export interface SocketHost extends Host {
  /** Told at each change; `ready` after a loss means that everything must be loaded again. */
  readonly onLink: (listener: (link: Link) => void) => () => void;
}

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: AppError) => void;
}

const away = (): AppError =>
  new AppError("host_away", "Switchyard on this machine does not answer. Start it again; the board connects by itself.");

/** How the host closes when the token is not good (`main/hub/board-socket.ts`): dialling again would not help. */
const REFUSED_CODES: ReadonlySet<number> = new Set([4401]);

export const createSocketHost = (url: string, token: string): SocketHost => {
  let socket: WebSocket | undefined;
  let link: Link = "connecting";
  let tries = 0;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();
  const queued: RequestFrame[] = [];
  const linkListeners = new Set<(link: Link) => void>();
  const listeners = new Map<EventName, Set<(data: never) => void>>();

  const become = (next: Link): void => {
    if (link === next) return;
    link = next;
    for (const listener of [...linkListeners]) listener(next);
  };
  const send = (frame: RequestFrame): void => socket?.send(new Uint8Array(packr.pack(frame)));

  const emit = <Name extends EventName>(name: Name, data: unknown): void => {
    for (const listener of [...(listeners.get(name) ?? [])]) (listener as (data: unknown) => void)(data);
  };

  const take = (bytes: ArrayBuffer): void => {
    const frame = answerFrame.parse(packr.unpack(new Uint8Array(bytes)));
    switch (frame.t) {
      case "ready":
        tries = 0;
        become("ready");
        for (const request of queued.splice(0)) send(request);
        return;
      case "ok":
        waiting.get(frame.id)?.resolve(frame.output);
        waiting.delete(frame.id);
        return;
      case "error":
        waiting.get(frame.id)?.reject(new AppError(frame.code, frame.message));
        waiting.delete(frame.id);
        return;
      case "event":
        emit(frame.name, frame.data);
    }
  };

  const dial = (): void => {
    const made = new WebSocket(url);
    made.binaryType = "arraybuffer";
    socket = made;
    made.addEventListener("open", () => send({ t: "session", token }));
    made.addEventListener("message", (event: MessageEvent<unknown>) => {
      if (event.data instanceof ArrayBuffer) take(event.data);
    });
    made.addEventListener("close", (event) => {
      queued.length = 0;
      for (const each of waiting.values()) each.reject(away());
      waiting.clear();
      if (REFUSED_CODES.has(event.code)) {
        become("refused");
        return;
      }
      become("away");
      setTimeout(dial, PAUSES_MS[Math.min(tries++, PAUSES_MS.length - 1)]);
    });
  };
  dial();

  return {
    call: <Name extends RequestName>(name: Name, input: Input<Name>) =>
      new Promise<Output<Name>>((resolve, reject) => {
        if (link === "away" || link === "refused") {
          reject(away());
          return;
        }
        const id = nextId++;
        waiting.set(id, { resolve: resolve as (output: unknown) => void, reject });
        const frame: RequestFrame = { t: "request", id, name, input };
        if (link === "ready") send(frame);
        else queued.push(frame);
      }),
    on: <Name extends EventName>(name: Name, listener: (data: Events[Name]) => void) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    onLink: (listener) => {
      linkListeners.add(listener);
      return () => linkListeners.delete(listener);
    },
  };
};
