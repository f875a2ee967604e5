/** The main thread's requests, answered: invitations, joining, dialling a typed address. Errors leave as AppErrors. */
import { AppError } from "../../shared/errors.ts";
import type { DeviceId } from "../../shared/ids.ts";
import { type Address, parseAddress } from "../../shared/membership/invitation.ts";
import type { Address as DialAddress } from "../../shared/protocol/reconnect.ts";
import type { Identity } from "../identity/identity.ts";
import type { ReplicaStore } from "../store/api.ts";
import type { Admissions } from "./admission.ts";
import type { Dialler } from "./dialler.ts";
import type { Joined, SyncAnswers, SyncRequest } from "./port.ts";

export interface RequestsOptions {
  readonly identity: Identity;
  readonly store: Pick<ReplicaStore, "log" | "sync">;
  readonly admissions: Admissions;
  readonly dialler: Dialler;
  /** This device's name unless the request brings one. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Purges all that may go and lay in the trash for so long; how many records that were. */
  purge(trashMs: number): Promise<number>;
  hasWorkspace(): boolean;
  /** Where desks were seen. */
  nearby(): readonly Address[];
  /** Who let us in, and where: to be dialled once the main thread has adopted the workspace. */
  joined(device: DeviceId, address: DialAddress): void;
}

export const answerRequest = async (request: SyncRequest, options: RequestsOptions): Promise<SyncAnswers[SyncRequest["kind"]]> => {
  const { admissions } = options;
  switch (request.kind) {
    case "invite":
      return admissions.invite(request.role, request.long, request.confirmed);
    case "cancelInvite":
      admissions.cancel();
      return null;
    case "confirmJoin":
      admissions.confirm(request.joiner, request.admit);
      return null;
    case "join":
      return join(request, options);
    case "dial":
      return dial(request.address, options);
    case "purge":
      return { purged: await options.purge(request.trashMs) };
  }
};

const join = async ({ code, address, name }: Extract<SyncRequest, { kind: "join" }>, options: RequestsOptions): Promise<Joined> => {
  const { admissions, store, identity, signal } = options;
  const { log, self, inviter, address: answered } = await admissions.join(code, address, options.nearby(), name ?? options.name, signal);
  store.log.addOperations(log.membership.kept.map(({ id, bytes }) => ({ hash: id, bytes })));
  store.sync();
  options.joined(inviter.device, { ...answered, source: "good" });
  return {
    workspace: log.membership.workspace,
    device: identity.device,
    inviter: inviter.name,
    inviterDevice: inviter.device,
    letters: self.letters,
  };
};

const dial = async (text: string, { dialler, hasWorkspace }: RequestsOptions): Promise<SyncAnswers["dial"]> => {
  const address = parseAddress(text);
  if (address === undefined) throw new AppError("address_unreadable", `"${text}" is no address. Write it as HOST:PORT.`);
  if (!hasWorkspace()) throw new AppError("no_workspace", "This desk belongs to no workspace yet. Join one with an invitation.");
  const outcome = await dialler.reach(address);
  switch (outcome.kind) {
    case "linked":
      return { device: outcome.device };
    case "wrong_device":
      throw new AppError("not_a_member", `Who answers at ${text} is no member of this workspace. Invite it first.`);
    case "not_accepted":
      throw new AppError("not_accepted", `The desk at ${text} does not know this one as a member.`);
    case "unreachable":
    case "aborted":
      throw new AppError("unreachable", `No Switchyard answered at ${text}. Check that the desk is on and in the same network.`);
  }
};
