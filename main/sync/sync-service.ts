/**
 * The main thread's side of the sync worker: starts the one worker thread of this process's life, turns requests into
 * promises and notices into events. Holds no sync state but the last status. What is said is in `port.ts`.
 */
import { EventEmitter } from "node:events";
import { Worker } from "node:worker_threads";
import type { Change } from "../../shared/crdt/types.ts";
import { AppError } from "../../shared/errors.ts";
import type { WorkspaceId } from "../../shared/ids.ts";
import type { FromWorker, SyncAnswers, SyncRequest, SyncStatus, ToWorker, WorkerStart } from "./port.ts";

/** What the worker tells on its own. `fatal`: it has ended and sync is off until the next start of the process. */
export interface SyncEvents {
  readonly merged: Extract<FromWorker, { kind: "merged" }>;
  readonly status: SyncStatus;
  readonly joinRequest: Extract<FromWorker, { kind: "joinRequest" }>;
  readonly memberAdded: Extract<FromWorker, { kind: "memberAdded" }>;
  readonly forked: Extract<FromWorker, { kind: "forked" }>;
  readonly copied: Extract<FromWorker, { kind: "copied" }>;
  readonly log: Extract<FromWorker, { kind: "log" }>;
  readonly fatal: AppError;
}

export interface SyncService {
  /** The listener's port once it listens; rejects with `port_in_use` and the like. */
  readonly ready: Promise<{ readonly port: number; readonly portMoved: boolean }>;
  /** The last status; null before the first. */
  readonly status: SyncStatus | null;
  /** A local change is durable. */
  committed(change: Change): void;
  workspaceChanged(workspace: WorkspaceId): void;
  /** Operations were added to the log by this thread. */
  membershipChanged(): void;
  /** The machine woke up or changed its network. */
  wake(): void;
  /** Rejects with AppError. */
  request<R extends SyncRequest>(request: R): Promise<SyncAnswers[R["kind"]]>;
  on<Name extends keyof SyncEvents>(name: Name, listener: (event: SyncEvents[Name]) => void): () => void;
  /** Says goodbye to the peers and closes the worker's store; the thread ends. */
  stop(): Promise<void>;
}

/** Starts the worker. `worker` is the entry beside the caller's own (`sync-worker.ts` or `.cjs`). */
export const startSyncService = (worker: URL, start: Omit<WorkerStart, "kind">): SyncService => new WorkerThread(worker, start);

interface Waiting {
  resolve(value: SyncAnswers[SyncRequest["kind"]]): void;
  reject(error: AppError): void;
}

class WorkerThread implements SyncService {
  readonly ready: Promise<{ readonly port: number; readonly portMoved: boolean }>;
  status: SyncStatus | null = null;
  readonly #thread: Worker;
  readonly #events = new EventEmitter();
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #listening: { resolve(value: { port: number; portMoved: boolean }): void; reject(error: AppError): void } | null = null;
  readonly #ended: Promise<void>;
  #failure: AppError | null = null;

  constructor(worker: URL, start: Omit<WorkerStart, "kind">) {
    this.ready = new Promise((resolve, reject) => {
      this.#listening = { resolve, reject };
    });
    // Whoever never asks for the port must not end the process by that; `fatal` tells it too.
    this.ready.catch(() => undefined);
    this.#thread = new Worker(worker, { name: "sync" });
    this.#ended = new Promise((resolve) => this.#thread.once("exit", () => resolve()));
    this.#thread.on("message", (message: FromWorker) => this.#receive(message));
    this.#thread.on("error", (cause: unknown) =>
      this.#fail(
        new AppError("sync_worker_failed", "Sync has stopped by an error of its own. Restart Switchyard; no work is lost.", { cause }),
      ),
    );
    this.#thread.on("exit", () => this.#fail(new AppError("sync_stopped", "Sync is not running.")));
    this.#post({ kind: "start", ...start });
  }

  committed(change: Change): void {
    this.#post({ kind: "committed", change });
  }

  workspaceChanged(workspace: WorkspaceId): void {
    this.#post({ kind: "workspaceChanged", workspace });
  }

  membershipChanged(): void {
    this.#post({ kind: "membershipChanged" });
  }

  wake(): void {
    this.#post({ kind: "wake" });
  }

  request<R extends SyncRequest>(request: R): Promise<SyncAnswers[R["kind"]]> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // The worker answers a request with its own kind's answer: the one place that relies on it.
      this.#waiting.set(id, { resolve: (value) => resolve(value as SyncAnswers[R["kind"]]), reject });
      this.#post({ kind: "request", id, request });
    });
  }

  on<Name extends keyof SyncEvents>(name: Name, listener: (event: SyncEvents[Name]) => void): () => void {
    this.#events.on(name, listener);
    return () => {
      this.#events.off(name, listener);
    };
  }

  async stop(): Promise<void> {
    if (this.#failure === null) this.#post({ kind: "stop" });
    await this.#ended;
  }

  #post(message: ToWorker): void {
    this.#thread.postMessage(message);
  }

  #emit<Name extends keyof SyncEvents>(name: Name, event: SyncEvents[Name]): void {
    this.#events.emit(name, event);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        return this.#listening?.resolve({ port: message.port, portMoved: message.portMoved });
      case "answer":
        this.#waiting.get(message.id)?.resolve(message.value);
        this.#waiting.delete(message.id);
        return;
      case "refused":
        this.#waiting.get(message.id)?.reject(new AppError(message.code, message.advice));
        this.#waiting.delete(message.id);
        return;
      case "status":
        this.status = message.status;
        return this.#emit("status", message.status);
      case "merged":
        return this.#emit("merged", message);
      case "joinRequest":
        return this.#emit("joinRequest", message);
      case "memberAdded":
        return this.#emit("memberAdded", message);
      case "log":
        return this.#emit("log", message);
      case "forked":
        return this.#emit("forked", message);
      case "copied":
        return this.#emit("copied", message);
      case "stopped":
        return;
      case "fatal":
        return this.#fail(new AppError(message.code, message.advice));
    }
  }

  /** Only the first failure counts: an exit follows each. */
  #fail(error: AppError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#listening?.reject(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    if (error.code !== "sync_stopped") this.#emit("fatal", error);
  }
}
