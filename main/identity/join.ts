/**
 * The joiner's side: dials the inviter, proves that it holds the code without saying it, checks the inviter's proof, tells its name and
 * takes the log, which must hold the inviter as an admin and ourselves as a member. Source: trust.md, "Invitations".
 */
import { AppError } from "../../shared/errors.ts";
import { type DeviceId, parseWorkspaceId } from "../../shared/ids.ts";
import { type Address, addressText, type InvitationText, JOIN_PROTOCOL } from "../../shared/membership/invitation.ts";
import { type MembershipLog, openLog } from "../../shared/membership/log.ts";
import { mayInvite } from "../../shared/membership/rights.ts";
import { utf8Bytes, utf8Text } from "../../shared/membership/text.ts";
import type { Member } from "../../shared/membership/types.ts";
import type { Channel } from "../sync/transport/api.ts";
import { openChannel } from "../sync/transport/channel.ts";
import { dialLine } from "../sync/transport/dial.ts";
import { receiveOperations } from "../sync/transport/log-exchange.ts";
import { membershipCrypto } from "./crypto.ts";
import type { Identity } from "./identity.ts";
import { joinFrame, readJoinFrame } from "./join-frames.ts";
import { isSameProof, proofOf, stretch } from "./stretch.ts";

export interface JoinOptions {
  readonly identity: Identity;
  readonly invitation: InvitationText;
  /** Where to try, in this order; the long form's own addresses are tried after them. */
  readonly addresses: readonly Address[];
  /** What this device is called (`memberNameFrom`). */
  readonly name: string;
  readonly signal?: AbortSignal;
  /** For each address's connection; 10 s if absent. */
  readonly timeoutMs?: number;
}

export interface Joined {
  readonly log: MembershipLog;
  /** Ourselves as the log says. */
  readonly self: Member;
  readonly inviter: Member;
  /** Where the inviter answered. */
  readonly address: Address;
}

/** The inviter tries the code against what it holds, and others may be before us. */
const PROOF_TIMEOUT_MS = 60_000;
/** A person confirms at the other end. */
const CONFIRM_TIMEOUT_MS = 5 * 60_000;
const LOG_TIMEOUT_MS = 60_000;
/** 10,000 operations of 4 KiB would be more; a log is some 200 bytes an operation. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** Hanging up before an answer is how a desk without an open invitation says so: a stranger is told no more. */
const answerTo = async (channel: Channel, proof: Uint8Array): Promise<Uint8Array> => {
  try {
    await channel.send(joinFrame("proof", proof));
    return await channel.receive(PROOF_TIMEOUT_MS);
  } catch (cause) {
    throw new AppError(
      "invitation_none",
      "No invitation is open on that desk. Ask for a new code there, and check that it is the right desk.",
      {
        cause,
      },
    );
  }
};

const exchange = async (channel: Channel, { identity, invitation, name }: JoinOptions): Promise<Omit<Joined, "address">> => {
  const key = await stretch(invitation.secret, channel.exporter);
  const answer = readJoinFrame("proof", await answerTo(channel, proofOf(key, "joiner", channel.publicKey, identity.publicKey)));
  if (!isSameProof(answer, proofOf(key, "inviter", channel.publicKey, identity.publicKey)))
    throw new AppError(
      "invitation_impostor",
      "Another device answered in the inviter's place. Do not use this code again; ask for a new one.",
    );
  await channel.send(joinFrame("name", utf8Bytes(name)));
  const workspace = parseWorkspaceId(utf8Text(readJoinFrame("workspace", await channel.receive(CONFIRM_TIMEOUT_MS))) ?? "");
  const operations = await receiveOperations(channel, MAX_LOG_BYTES, LOG_TIMEOUT_MS);
  const log = workspace && openLog(workspace, operations, membershipCrypto, "unverified");
  const self = log?.membership.members.get(identity.device);
  const inviter = log?.membership.members.get(channel.device);
  if (log === undefined || self === undefined || inviter === undefined || !mayInvite(inviter))
    throw new AppError(
      "join_log_wrong",
      "The other device sent a log in which it cannot have invited us. Ask for a new invitation, and for help if it repeats.",
    );
  return { log, self, inviter };
};

/** The inviter knows the device that it admitted, and gives it the log again. */
const interrupted = (cause: AppError): AppError =>
  new AppError("join_interrupted", "The connection broke while joining. Try again with the same code.", { cause });

const unreachable = (addresses: readonly Address[], reasons: readonly string[]): AppError =>
  addresses.length === 0
    ? new AppError("no_address", "It is not known where the inviting desk is. Give its address: --address HOST:PORT.")
    : new AppError(
        "unreachable",
        `No Switchyard answered at ${addresses.map(addressText).join(", ")} (${reasons.join(", ")}). Check that the desk is on and in the same network.`,
      );

/**
 * Joins a workspace by an invitation. Throws `invitation_wrong`, `_used`, `_expired`, `_none`, `_declined`, `_busy`, `_failed`, `_impostor`,
 * `join_interrupted`, `unreachable`, `no_address`, `wrong_device` (the long form names another), `join_log_wrong`, `aborted`.
 */
export const dialJoin = async (options: JoinOptions): Promise<Joined> => {
  const { identity, invitation, signal } = options;
  const addresses = [...options.addresses, ...(invitation.form === "long" ? invitation.addresses : [])];
  const isWanted = (device: DeviceId): boolean =>
    device !== identity.device && (invitation.form === "short" || device === invitation.inviter);
  const reasons: string[] = [];
  for (const address of addresses) {
    const line = await dialLine({ ...options, ...address, protocol: JOIN_PROTOCOL, isWanted });
    if (line.kind === "aborted") break;
    if (line.kind === "unreachable" || line.kind === "wrong_device") {
      reasons.push(line.kind === "unreachable" ? line.reason : "another device");
      continue;
    }
    const channel = openChannel(line.socket, line.peer);
    const aborted = (): void => channel.destroy();
    signal?.addEventListener("abort", aborted, { once: true });
    try {
      return { ...(await exchange(channel, options)), address };
    } catch (error) {
      if (signal?.aborted) break;
      throw error instanceof AppError && error.code.startsWith("channel_") ? interrupted(error) : error;
    } finally {
      signal?.removeEventListener("abort", aborted);
      channel.destroy();
    }
  }
  if (signal?.aborted) throw new AppError("aborted", "Joining was stopped.");
  if (reasons.length > 0 && reasons.every((reason) => reason === "another device"))
    throw new AppError("wrong_device", "The device that answers there is not the one that invited you. Check the address.");
  throw unreachable(addresses, reasons);
};
