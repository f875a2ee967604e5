/**
 * A desk over a real file in a temporary folder: what the desk's tests work on. `reopen` ends it and opens the same file again, as
 * after a restart. Several desks are one workspace by `joinTestDesk`, and exchange by `carry`, which is the worker's part by hand.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDesk } from "../../main/desk/desk.ts";
import { absentSync } from "../../main/host/absent-sync.ts";
import type { Caller, Desk, HostRequestName, Surroundings } from "../../main/host/ports.ts";
import { membershipCrypto } from "../../main/identity/crypto.ts";
import { type Identity, identityFromKey } from "../../main/identity/identity.ts";
import type { Store } from "../../main/store/api.ts";
import { newGate } from "../../main/store/gate.ts";
import { openReplicaStore } from "../../main/store/open-replica-store.ts";
import { openStore } from "../../main/store/open-store.ts";
import type { SyncRequest } from "../../main/sync/port.ts";
import type { SyncEvents, SyncService } from "../../main/sync/sync-service.ts";
import { holdLimit } from "../../shared/clock/hlc.ts";
import { type EpochMs, parseEpochMs, type RecordId } from "../../shared/ids.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";
import type { EventName, Events, Input, Output, RequestName } from "../../shared/ipc/contract.ts";
import { requests } from "../../shared/ipc/contract.ts";
import { openLog, signJoin } from "../../shared/membership/log.ts";
import type { Role } from "../../shared/membership/types.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";

export type DeskRequest = Exclude<RequestName, HostRequestName>;
export interface Heard {
  readonly name: EventName;
  readonly data: Events[EventName];
}

/** The worker's side of the desk, by hand. */
export interface FakeSync extends SyncService {
  fire<Name extends keyof SyncEvents>(name: Name, event: SyncEvents[Name]): void;
  readonly asked: SyncRequest[];
  answer: (request: SyncRequest) => unknown;
}

export const fakeSync = (): FakeSync => {
  const events = new EventEmitter();
  const asked: SyncRequest[] = [];
  const fake: FakeSync = {
    ...absentSync(),
    asked,
    answer: () => null,
    fire: (name, event) => void events.emit(name, event),
    on: (name, listener) => {
      events.on(name, listener);
      return () => void events.off(name, listener);
    },
    request: async (request) => {
      asked.push(request);
      return (await fake.answer(request)) as never;
    },
  };
  return fake;
};

export interface TestDesk {
  readonly sync: FakeSync;
  readonly identity: Identity;
  readonly store: Store;
  readonly desk: Desk;
  readonly heard: Heard[];
  readonly file: string;
  /** The wall clock, moved by hand. */
  time: EpochMs;
  call<Name extends DeskRequest>(name: Name, input: Input<Name>, caller?: Caller): Promise<Output<Name>>;
  of<Name extends EventName>(name: Name): Events[Name][];
  /** Hears events over restarts too, as a window that connects again. */
  listen(listener: (event: Heard) => void): () => void;
  reopen(): void;
  close(): void;
}

/** Tuesday, 24 November 2026, 9:05 in Berlin. */
export const MORNING = Date.UTC(2026, 10, 24, 8, 5);

export const at = (ms: number): EpochMs => {
  const instant = parseEpochMs(ms);
  if (instant === undefined) throw new RangeError(`${ms} is no instant`);
  return instant;
};

export interface FixtureOptions {
  readonly surroundings?: Partial<Surroundings>;
  /** Leave the profile without a workspace. */
  readonly fresh?: boolean;
}

export const openTestDesk = async (options: FixtureOptions = {}): Promise<TestDesk> => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-desk-"));
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const identity = identityFromKey({ keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), storage: "file" });
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  const file = join(folder, "switchyard.db");
  const heard: Heard[] = [];
  const listeners = new Set<(event: Heard) => void>();
  const surroundings: Surroundings = {
    host: "headless",
    confirm: () => Promise.resolve(false),
    chooseFile: () => Promise.resolve(null),
    ...options.surroundings,
  };
  const test = { time: at(MORNING) };
  const sync = fakeSync();
  const open = () => {
    const wall = (): EpochMs => test.time;
    const store = openStore({ file, types: BUILT_IN_TYPES, wall, random, gate: newGate() });
    const desk = createDesk({
      store,
      sync,
      device: identity.device,
      signer: identity,
      keyStorage: "test",
      version: "0.0.0",
      surroundings,
      wall,
      random,
      notices: [],
    });
    desk.onEvent((name, data) => {
      heard.push({ name, data });
      for (const listener of listeners) listener({ name, data });
    });
    return { store, desk };
  };
  let opened = open();
  const shut = (): void => {
    opened.desk.close();
    opened.store.close();
  };
  const made: TestDesk = {
    sync,
    identity,
    get store() {
      return opened.store;
    },
    get desk() {
      return opened.desk;
    },
    get time() {
      return test.time;
    },
    set time(time: EpochMs) {
      test.time = time;
    },
    heard,
    file,
    call: async (name, input, caller = "window") => {
      const parsed = requests[name].input.parse(input);
      const handler = opened.desk.handlers[name] as (input: unknown, caller: Caller) => unknown;
      return (await handler(parsed, caller)) as never;
    },
    of: <Name extends EventName>(name: Name) => heard.filter((one) => one.name === name).map((one) => one.data as Events[Name]),
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reopen: () => {
      shut();
      opened = open();
    },
    close: () => {
      shut();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (options.fresh !== true)
    await made.call("desk.found", { way: "new", workspaceName: "Test", deviceName: "Front desk", zone: "Europe/Berlin" });
  heard.length = 0;
  return made;
};

/** Makes an order with only a title. */
export const makeOrder = async (
  desk: TestDesk,
  values: Input<"order.create">["values"] = {},
): Promise<RecordData & { readonly id: RecordId }> => (await desk.call("order.create", { values: { title: "Boiler", ...values } })).record;

export const makeTechnician = async (desk: TestDesk, name: string, values: Input<"record.create">["values"] = {}): Promise<RecordData> =>
  (await desk.call("record.create", { collection: "technician" as never, values: { name, ...values } })).record;

/** Another desk of the founder's workspace, with all of its records. */
export const joinTestDesk = async (founder: TestDesk, name: string, role: Role = "dispatcher"): Promise<TestDesk> => {
  const joiner = await openTestDesk({ fresh: true });
  const { workspace, log } = founder.store;
  if (workspace === undefined) throw new Error("the founder has no workspace");
  const { membership } = openLog(workspace, log.operations(), membershipCrypto, "verified");
  const operation = signJoin(
    membership,
    { publicKey: joiner.identity.publicKey, deviceName: name, role, invitation: null },
    founder.identity,
    membershipCrypto,
  );
  log.addOperations([{ hash: operation.id, bytes: operation.bytes }]);
  founder.sync.fire("memberAdded", { kind: "memberAdded", device: joiner.identity.device, name });
  joiner.sync.answer = () => {
    joiner.store.log.addOperations(log.operations().map((bytes, n) => ({ hash: n === 0 ? workspace : operation.id, bytes })));
    const { letters } = operation;
    return { workspace, device: joiner.identity.device, inviter: "Front desk", inviterDevice: founder.identity.device, letters };
  };
  await joiner.call("desk.join", { code: "AAAAA-AAAAA", deviceName: name });
  carry(founder, joiner);
  return joiner;
};

/** What a catch-up does: all that `to` lacks of `from`, and the desk hears of it. */
export const carry = (from: TestDesk, to: TestDesk, batchBytes = 256 * 1024): void => {
  const open = ({ file, time }: TestDesk) =>
    openReplicaStore({
      file,
      types: BUILT_IN_TYPES,
      wall: () => time,
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
      gate: newGate(),
    });
  const sender = open(from);
  const receiver = open(to);
  try {
    const vector = sender.vector();
    const base = receiver.vector();
    for (let cursor: RecordId | null = null, first = true; first || cursor !== null; first = false) {
      const batch = sender.sweep(base, cursor, batchBytes);
      const { records } = receiver.mergeBatch(batch.records, holdLimit(to.time));
      if (records.length > 0) to.sync.fire("merged", { kind: "merged", records, byDevice: from.identity.device });
      cursor = batch.cursor;
    }
    receiver.takeVector(vector);
    for (const line of sender.log.replicaLines()) receiver.log.addReplicaLine(line);
  } finally {
    sender.close();
    receiver.close();
  }
};
