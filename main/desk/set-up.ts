/**
 * The first minute: a new workspace, the demo, or joining one. Founding signs the first operation with the device's key; the
 * demo's records are written by ordinary commits. Source: trust.md, contracts.md ("Profiles and processes").
 */
import { hostname } from "node:os";
import { DEMO_WORKSPACE_NAME } from "../../shared/domain/demo.ts";
import { isZone } from "../../shared/domain/typed-time.ts";
import { AppError } from "../../shared/errors.ts";
import type { DeskInfo, Notice } from "../../shared/ipc/answers.ts";
import { FOUNDER_LETTERS } from "../../shared/membership/letters.ts";
import { foundWorkspace } from "../../shared/membership/log.ts";
import type { Handlers } from "../host/ports.ts";
import { createRecoverySheet, membershipCrypto } from "../identity/crypto.ts";
import type { DeskContext } from "./context.ts";
import { writeDemo } from "./demo.ts";

const NAME_KEY = "device.name";

export interface SetUp {
  readonly handlers: Pick<Handlers, "desk.info" | "desk.found" | "desk.join" | "desk.dismissNotice">;
  info(): DeskInfo;
}

export const createSetUp = (context: DeskContext): SetUp => {
  const { store, sync, signer, device, surroundings, defaultName = hostname() || "Desk" } = context.deps;
  let notices: readonly Notice[] = context.deps.notices;
  let busy = false;

  const deviceName = (): string => context.members.own()?.name ?? store.notebook.get(NAME_KEY) ?? defaultName;
  const info = (): DeskInfo => {
    const found = context.members.found();
    return {
      phase: store.workspace === undefined ? "fresh" : "ready",
      device,
      deviceName: deviceName(),
      workspace:
        store.workspace === undefined ? null : { id: store.workspace, name: found?.workspaceName ?? "Workspace", zone: context.zone() },
      role: context.members.own()?.role ?? null,
      replica: store.replica,
      letters: store.letters ?? null,
      host: surroundings.host,
      version: context.deps.version,
      keyStorage: context.deps.keyStorage,
      notices,
    };
  };
  const changed = (): DeskInfo => {
    const now = info();
    context.emit("desk.changed", now);
    return now;
  };
  /** One founding or joining at a time. */
  const alone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (busy) throw new AppError("busy", "This desk is being set up already. Wait until that is done.");
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  };

  const found = (workspaceName: string, name: string, zone: string): void => {
    const operation = foundWorkspace(
      {
        signer,
        deviceName: name,
        nonce: context.deps.random(16),
        recoveryKey: createRecoverySheet().publicKey,
        workspaceName,
        zone,
      },
      membershipCrypto,
    );
    store.log.addOperations([{ hash: operation.id, bytes: operation.bytes }]);
    store.adopt(operation.workspace, FOUNDER_LETTERS);
    context.members.refresh();
    context.members.registerReplica();
    sync.workspaceChanged(operation.workspace);
    sync.membershipChanged();
  };

  return {
    info,
    handlers: {
      "desk.info": info,
      "desk.found": ({ way, workspaceName, deviceName: given, zone }) =>
        alone(async () => {
          if (store.workspace !== undefined)
            throw new AppError("workspace_exists", "This profile has a workspace already. Start another profile for a new one.");
          const zoneMeant = zone ?? context.zone();
          if (!isZone(zoneMeant)) throw new AppError("unusable_value", `"${zoneMeant}" is no time zone. Write one like Europe/Berlin.`);
          found(workspaceName ?? (way === "demo" ? DEMO_WORKSPACE_NAME : "Workspace"), given ?? deviceName(), zoneMeant);
          if (way === "demo") await writeDemo(context);
          return changed();
        }),
      "desk.join": ({ code, address, deviceName: given }) =>
        alone(async () => {
          // Also what was made and deleted again is work: looked at before the code is used, which works once.
          if (store.count() > 0 || store.ownSeq() > 0)
            throw new AppError(
              "workspace_not_empty",
              "This profile holds work of its own, which joining would mix up. Start another profile and join there; nothing was touched.",
            );
          if (given !== undefined) store.notebook.set(NAME_KEY, given);
          const joined = await sync.request({ kind: "join", code, address, name: given ?? deviceName() });
          store.adopt(joined.workspace, joined.letters);
          context.members.refresh();
          context.members.registerReplica();
          sync.workspaceChanged(joined.workspace);
          sync.membershipChanged();
          changed();
          return { workspace: joined.workspace, device: joined.device, inviter: joined.inviter };
        }),
      "desk.dismissNotice": ({ code }) => {
        notices = notices.filter((notice) => notice.code !== code);
        changed();
        return null;
      },
    },
  };
};
