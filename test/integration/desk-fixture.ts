/**
 * A desk over a real file in a temporary folder, with no peers: what the desk's tests work on. `reopen` ends it and opens the same
 * file again, as after a restart.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EpochMs, parseEpochMs, type RecordId } from "../../shared/ids.ts";
import type { RecordData } from "../../shared/ipc/answers.ts";
import type { EventName, Events, Input, Output, RequestName } from "../../shared/ipc/contract.ts";
import { requests } from "../../shared/ipc/contract.ts";
import { BUILT_IN_TYPES } from "../../shared/schema/builtin.ts";
import { createDesk } from "../../main/desk/desk.ts";
import { absentSync } from "../../main/host/absent-sync.ts";
import type { Caller, Desk, HostRequestName, Surroundings } from "../../main/host/ports.ts";
import { identityFromKey } from "../../main/identity/identity.ts";
import { newGate } from "../../main/store/gate.ts";
import { openStore } from "../../main/store/open-store.ts";
import type { Store } from "../../main/store/api.ts";
import type { SyncService } from "../../main/sync/sync-service.ts";

export type DeskRequest = Exclude<RequestName, HostRequestName>;
export interface Heard {
  readonly name: EventName;
  readonly data: Events[EventName];
}

export interface TestDesk {
  readonly store: Store;
  readonly desk: Desk;
  readonly heard: Heard[];
  readonly file: string;
  /** The wall clock, moved by hand. */
  time: EpochMs;
  call<Name extends DeskRequest>(name: Name, input: Input<Name>, caller?: Caller): Promise<Output<Name>>;
  of<Name extends EventName>(name: Name): Events[Name][];
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
  readonly sync?: SyncService;
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
  const surroundings: Surroundings = {
    host: "headless",
    confirm: () => Promise.resolve(false),
    chooseFile: () => Promise.resolve(null),
    ...options.surroundings,
  };
  const test = { time: at(MORNING) };
  const open = () => {
    const wall = (): EpochMs => test.time;
    const store = openStore({ file, types: BUILT_IN_TYPES, wall, random, gate: newGate() });
    const desk = createDesk({
      store,
      sync: options.sync ?? absentSync(),
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
    });
    return { store, desk };
  };
  let opened = open();
  const shut = (): void => {
    opened.desk.close();
    opened.store.close();
  };
  const made: TestDesk = {
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
