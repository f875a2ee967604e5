/**
 * The command line's end of the local socket: connects, has the host prove itself, and speaks the contract. A host that ends in the
 * middle of a request rejects it with `host_gone`: whether the change was made is then unknown, and the sentence says so.
 */
import net from "node:net";
import { AppError } from "../../shared/errors.ts";
import type { EventName, Events, Host, Input, Output, RequestName } from "../../shared/ipc/contract.ts";
import { type AnswerFrame, answerFrame } from "../../shared/ipc/wire.ts";
import { type FrameStream, frameStream } from "../host/frames.ts";
import { PROOF_LIMIT_BYTES, proveAsClient } from "../host/proof.ts";
import type { RunFile } from "../host/run-file.ts";
import { pack, unpack } from "../ipc/packing.ts";

const ANSWER_LIMIT_BYTES = 1 << 30;
/** How long a listening host may take to say that it is ready. */
const READY_DEADLINE_MS = 10_000;

export interface HostConnection extends Host {
  close(): void;
}

interface Waiting {
  resolve(output: unknown): void;
  reject(error: AppError): void;
}

/** Connects to the host that the run file names. Rejects with `host_unreachable` (nobody listens there), `not_proved` and the like. */
export const connectToHost = async (run: RunFile): Promise<HostConnection> => {
  const frames = frameStream(await openSocket(run.socket), PROOF_LIMIT_BYTES);
  await proveAsClient(frames, run.token).catch((error: unknown) => {
    frames.destroy();
    throw error instanceof AppError ? error : unreachable(error);
  });
  frames.limit(ANSWER_LIMIT_BYTES);
  const connection = new LocalConnection(frames);
  await connection.ready;
  return connection;
};

class LocalConnection implements HostConnection {
  readonly ready: Promise<void>;
  readonly #frames: FrameStream;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(data: never) => void>>();
  #nextId = 1;
  #gone: AppError | undefined;
  #becameReady: () => void = () => undefined;

  constructor(frames: FrameStream) {
    this.#frames = frames;
    this.ready = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(unreachable(undefined)), READY_DEADLINE_MS);
      this.#becameReady = () => {
        clearTimeout(timer);
        resolve();
      };
      frames.onEnd((cause) => {
        clearTimeout(timer);
        this.#end(cause);
        reject(unreachable(cause));
      });
    });
    frames.onFrame((bytes) => this.#receive(bytes));
  }

  call<Name extends RequestName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // The host answers a request with its own kind of output: the one place that relies on it.
      this.#waiting.set(id, { resolve: (output) => resolve(output as Output<Name>), reject });
      this.#frames.send(pack({ t: "request", id, name, input }));
    });
  }

  on<Name extends EventName>(name: Name, listener: (data: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  close(): void {
    this.#frames.end();
  }

  #receive(bytes: Uint8Array): void {
    const frame = readAnswer(bytes);
    if (frame === undefined) return this.#frames.destroy(new AppError("bad_frame", "A message on the local socket made no sense."));
    switch (frame.t) {
      case "ready":
        return this.#becameReady();
      case "event":
        for (const listener of this.#listeners.get(frame.name) ?? []) listener(frame.data as never);
        return;
      case "ok":
        this.#waiting.get(frame.id)?.resolve(frame.output);
        this.#waiting.delete(frame.id);
        return;
      case "error":
        this.#waiting.get(frame.id)?.reject(new AppError(frame.code, frame.message));
        this.#waiting.delete(frame.id);
        return;
    }
  }

  #end(cause: Error | undefined): void {
    this.#gone = new AppError(
      "host_gone",
      "Switchyard ended before it answered. What was asked may or may not have been done: look before you repeat it.",
      { cause },
    );
    for (const waiting of this.#waiting.values()) waiting.reject(this.#gone);
    this.#waiting.clear();
  }
}

const readAnswer = (bytes: Uint8Array): AnswerFrame | undefined => {
  try {
    return answerFrame.safeParse(unpack(bytes)).data;
  } catch {
    // Whatever msgpackr makes of garbage, it means one thing here.
    return undefined;
  }
};

const openSocket = (address: string): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const socket = net.connect(address);
    socket.once("connect", () => {
      socket.off("error", fail);
      resolve(socket);
    });
    const fail = (cause: Error): void => reject(unreachable(cause));
    socket.once("error", fail);
  });

const unreachable = (cause: unknown): AppError =>
  new AppError("host_unreachable", "The Switchyard that has this profile open does not answer. Close it and try again.", { cause });
