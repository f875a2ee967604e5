/**
 * The inviter's side: codes in memory alone, one attempt at a time, each code good for one device. An ended code is remembered a while,
 * so that who holds it is told "used" or "expired", and the device that it admitted gets the log again if the line broke.
 * Source: trust.md, "Invitations".
 */
import { AppError } from "../../shared/errors.ts";
import type { DeviceId, WorkspaceId } from "../../shared/ids.ts";
import { type Attempts, afterWrong, mayTry } from "../../shared/membership/attempts.ts";
import { isMemberName } from "../../shared/membership/bodies.ts";
import { type Address, LONG_LIFETIME_MS, longInvitation, SHORT_LIFETIME_MS, shortInvitation } from "../../shared/membership/invitation.ts";
import { utf8Bytes, utf8Text } from "../../shared/membership/text.ts";
import type { Role } from "../../shared/membership/types.ts";
import type { Channel } from "../sync/transport/api.ts";
import { framesOf } from "../sync/transport/log-exchange.ts";
import type { Identity } from "./identity.ts";
import { type JoinRefusal, joinFrame, readJoinFrame, refusalFrame } from "./join-frames.ts";
import { isSameProof, proofOf, stretch } from "./stretch.ts";

/** A joiner that has proved it holds the code. */
export interface Joiner {
  readonly device: DeviceId;
  readonly publicKey: Uint8Array;
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the invitation's id, for the `join`. */
  readonly invitation: Uint8Array;
}

export interface Admission {
  readonly workspace: WorkspaceId;
  /** The whole log, the joiner's `join` in it, predecessors first. */
  readonly operations: readonly Uint8Array[];
}

export interface InvitationsOptions {
  readonly identity: Identity;
  /** A steady clock in ms (`performance.now`): a code's life does not depend on the wall clock. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  /** Writes durably that this invitation is spent. Called before `admit`; if it throws, nobody is admitted. */
  burn(invitation: Uint8Array): void;
  /** Signs and stores the `join`; for a device that is a member already it signs nothing and answers with the log. */
  admit(joiner: Joiner): Admission | Promise<Admission>;
  /** An attempt that ended otherwise than by admission; for the log. */
  refused?(reason: JoinRefusal, remoteAddress: string, cause?: unknown): void;
}

export interface OpenInvitation {
  readonly role: Role;
  /** The long form; required for admins. */
  readonly long: boolean;
  /** Where the joiner may dial, for the long form. */
  readonly addresses: readonly Address[];
  /** Asked once the joiner has proved itself; `false` spends the code. */
  confirm(name: string, device: DeviceId): boolean | Promise<boolean>;
}

export interface OpenedInvitation {
  /** Text to read out, or the link. */
  readonly code: string;
  readonly lifetimeMs: number;
  readonly cancel: () => void;
}

export interface Invitations {
  /** Throws `invitation_needs_long` (an admin by the short form) and `too_many_invitations` (four are open). */
  open(invitation: OpenInvitation): OpenedInvitation;
  /** Is any code open, or so lately ended that its holder should be told? */
  isOpen(): boolean;
  /** One joiner's attempt, from its first frame to its end. */
  serve(channel: Channel): Promise<void>;
}

interface Held extends OpenInvitation {
  readonly id: Uint8Array;
  readonly secret: Uint8Array;
  readonly expires: number;
  state: "open" | "claimed" | "spent";
  /** Whom it admitted. */
  admitted: DeviceId | undefined;
}

const MAX_OPEN = 4;
/** Ended ones remembered beside them: each costs an attempt one scrypt. */
const MAX_REMEMBERED = 4;
const REMEMBER_MS = 60 * 60_000;
const MAX_CHANNELS = 8;
const PROOF_TIMEOUT_MS = 20_000;
const NAME_TIMEOUT_MS = 20_000;

export const createInvitations = (options: InvitationsOptions): Invitations => {
  const { identity, now, random, sha256 } = options;
  let held: readonly Held[] = [];
  let attempts: Attempts = new Map();
  let channels = 0;
  /** The end of the attempt before: one at a time. */
  let turn: Promise<unknown> = Promise.resolve();

  const isLive = (one: Held): boolean => one.state !== "spent" && now() < one.expires;
  const forgetOld = (): void => {
    const ended = held.filter((one) => !isLive(one) && now() < one.expires + REMEMBER_MS);
    held = [...held.filter(isLive), ...ended.slice(-MAX_REMEMBERED)];
  };

  /** The invitation whose code this proof shows; every one held costs a scrypt. */
  const matching = async (channel: Channel, proof: Uint8Array): Promise<{ readonly one: Held; readonly key: Uint8Array } | undefined> => {
    forgetOld();
    for (const one of held) {
      const key = await stretch(one.secret, channel.exporter);
      if (isSameProof(proof, proofOf(key, "joiner", identity.publicKey, channel.publicKey))) return { one, key };
    }
    return undefined;
  };
  /** Waits its turn, judges one proof, and claims the invitation for this channel. */
  const judge = (channel: Channel, proof: Uint8Array): Promise<JoinRefusal | { readonly one: Held; readonly key: Uint8Array }> => {
    const judged = turn.then(async () => {
      const address = channel.remoteAddress;
      if (!mayTry(attempts, address, now())) return "busy";
      const match = await matching(channel, proof);
      if (match === undefined) {
        attempts = afterWrong(attempts, address, now());
        return "wrong";
      }
      const { one } = match;
      if (one.admitted === channel.device) return match;
      if (one.state === "spent") return "used";
      if (now() >= one.expires) return "expired";
      if (one.state === "claimed") return "busy";
      one.state = "claimed";
      return match;
    });
    turn = judged.catch(() => undefined);
    return judged;
  };

  /** From the inviter's proof to the log's last frame. */
  const admit = async (channel: Channel, one: Held, key: Uint8Array): Promise<void> => {
    await channel.send(joinFrame("proof", proofOf(key, "inviter", identity.publicKey, channel.publicKey)));
    const name = utf8Text(readJoinFrame("name", await channel.receive(NAME_TIMEOUT_MS)));
    if (name === undefined || !isMemberName(name)) throw new AppError("channel_garbled", "The joining device has no usable name.");
    const again = one.admitted === channel.device;
    const confirmed = again || (await one.confirm(name, channel.device));
    const invitation = sha256(one.id);
    if (!again) {
      options.burn(invitation);
      one.state = "spent";
    }
    if (!confirmed) {
      await refuse(channel, "declined");
      return;
    }
    const joiner: Joiner = { device: channel.device, publicKey: channel.publicKey, name, role: one.role, invitation };
    const admission = await options.admit(joiner);
    one.admitted = channel.device;
    await channel.send(joinFrame("workspace", utf8Bytes(admission.workspace)));
    for (const frame of framesOf(admission.operations)) await channel.send(frame);
    await channel.send(new Uint8Array());
    channel.end();
  };
  const refuse = async (channel: Channel, reason: JoinRefusal, cause?: unknown): Promise<void> => {
    options.refused?.(reason, channel.remoteAddress, cause);
    await channel.send(refusalFrame(reason)).catch(() => undefined); // the joiner may be gone; the refusal stands
    channel.end();
  };
  const attempt = async (channel: Channel): Promise<void> => {
    const proof = readJoinFrame("proof", await channel.receive(PROOF_TIMEOUT_MS));
    const judged = await judge(channel, proof);
    if (typeof judged === "string") {
      await refuse(channel, judged);
      return;
    }
    try {
      await admit(channel, judged.one, judged.key);
    } catch (error) {
      await refuse(channel, "failed", error);
    } finally {
      if (judged.one.state === "claimed") judged.one.state = "open"; // the line broke before the code was spent
    }
  };

  return {
    open: (invitation) => {
      forgetOld();
      if (invitation.role === "admin" && !invitation.long)
        throw new AppError("invitation_needs_long", "An admin is invited by the link or QR code only. Use the long form.");
      if (held.filter(isLive).length >= MAX_OPEN)
        throw new AppError("too_many_invitations", "Four invitations are open. Wait until one is used or has expired.");
      const lifetimeMs = invitation.long ? LONG_LIFETIME_MS : SHORT_LIFETIME_MS;
      const { text, secret } = invitation.long
        ? longInvitation(random(16), identity.device, invitation.addresses)
        : shortInvitation(random(7));
      const one: Held = { ...invitation, id: random(16), secret, expires: now() + lifetimeMs, state: "open", admitted: undefined };
      held = [...held, one];
      return {
        code: text,
        lifetimeMs,
        cancel: () => {
          one.state = "spent";
        },
      };
    },
    isOpen: () => {
      forgetOld();
      return held.length > 0;
    },
    serve: async (channel) => {
      if (channels >= MAX_CHANNELS) {
        await refuse(channel, "busy");
        return;
      }
      channels++;
      try {
        await attempt(channel);
      } catch {
        channel.destroy(); // said nothing, or nothing that is a proof: such a stranger gets no answer
      } finally {
        channels--;
      }
    },
  };
};
