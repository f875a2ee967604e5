/**
 * What the composition hands to the desk and what the desk gives back. The desk is the application service: all that the
 * board and the command line can do, over one store and one sync worker, whatever carries the requests.
 */

import type { DeviceId, EpochMs } from "../../shared/ids.ts";
import type { Notice } from "../../shared/ipc/answers.ts";
import type { EventName, Events, Output, Parsed, RequestName } from "../../shared/ipc/contract.ts";
import type { Signer } from "../../shared/membership/types.ts";
import type { Store } from "../store/api.ts";
import type { SyncService } from "../sync/sync-service.ts";

/** Who asks: some things a page may not do without a dialog of the main process. */
export type Caller = "window" | "browser" | "command-line";

type Handler<Name extends RequestName> = (input: Parsed<Name>, caller: Caller) => Output<Name> | Promise<Output<Name>>;

/** Requests that the composition answers itself, since they are about the process and not about the work. */
export type HostRequestName = "host.url" | "store.verify" | "backup.create" | "backup.list" | "backup.restore";
export type HostHandlers = { readonly [Name in HostRequestName]: Handler<Name> };
/** What the desk answers: all the rest. */
export type Handlers = { readonly [Name in Exclude<RequestName, HostRequestName>]: Handler<Name> };

/** What only the surroundings can do: Electron asks with a dialog, a headless host refuses with the way to do it. */
export interface Surroundings {
  readonly host: "electron" | "headless";
  /** A yes or no of the person, outside the renderer's reach. Rejects with AppError `confirm_elsewhere` where there is no way to ask. */
  confirm(question: { readonly title: string; readonly detail: string; readonly yes: string }): Promise<boolean>;
  /** The system's open dialog; null when dismissed. */
  chooseFile(): Promise<{ readonly name: string; readonly bytes: Uint8Array } | null>;
}

export interface DeskDeps {
  readonly store: Store;
  readonly sync: SyncService;
  readonly device: DeviceId;
  /** What this device is called until somebody names it; the machine's own name if absent. */
  readonly defaultName?: string;
  /** This device's key: signs the founding. */
  readonly signer: Signer;
  readonly keyStorage: string;
  readonly version: string;
  readonly surroundings: Surroundings;
  readonly wall: () => EpochMs;
  readonly random: (bytes: number) => Uint8Array;
  readonly notices: readonly Notice[];
}

export interface Desk {
  readonly handlers: Handlers;
  /** Every event of the contract; returns the way to stop listening. */
  onEvent(listener: <Name extends EventName>(name: Name, data: Events[Name]) => void): () => void;
  /** Ends leases and running imports; the store and the worker are closed by the composition. */
  close(): void;
}
