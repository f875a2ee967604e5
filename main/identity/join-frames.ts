/**
 * The frames of `switchyard-join.v1`: a byte that names the kind, then its content. In order: the joiner's proof, the inviter's proof,
 * the joiner's name, the workspace, its log in frames ended by an empty one. A refusal may stand in place of any of the inviter's.
 */
import { AppError } from "../../shared/errors.ts";

const KINDS = { proof: 1, name: 2, workspace: 3, refusal: 9 } as const;
export type JoinFrameKind = keyof typeof KINDS;

/** Why the inviter ends the exchange. All but `wrong` and `busy` are told only to who proved that it holds the code. */
const REFUSALS = ["wrong", "used", "expired", "declined", "busy", "failed"] as const;
export type JoinRefusal = (typeof REFUSALS)[number];

export const joinFrame = (kind: JoinFrameKind, content: Uint8Array): Uint8Array => {
  const frame = new Uint8Array(content.length + 1);
  frame[0] = KINDS[kind];
  frame.set(content, 1);
  return frame;
};

export const refusalFrame = (reason: JoinRefusal): Uint8Array => joinFrame("refusal", Uint8Array.of(REFUSALS.indexOf(reason)));

const garbled = (): AppError => new AppError("channel_garbled", "The other device sent something that is no invitation exchange.");

/** The content of a frame of this kind. Throws `channel_garbled` for any other, and what `refusalError` says for a refusal. */
export const readJoinFrame = (kind: JoinFrameKind, frame: Uint8Array): Uint8Array => {
  const content = frame.subarray(1);
  if (frame[0] === KINDS.refusal && kind !== "refusal") {
    const reason = REFUSALS[content[0] ?? REFUSALS.length];
    throw reason === undefined ? garbled() : refusalError(reason);
  }
  if (frame[0] !== KINDS[kind]) throw garbled();
  return content;
};

const ADVICE: Readonly<Record<JoinRefusal, string>> = {
  wrong: "The code is not the one that this desk gave out. Check it letter by letter and type it again.",
  used: "This invitation was used already; each admits one device. Ask for a new one.",
  expired: "This invitation has expired. Ask for a new one: a code is good for 15 minutes.",
  declined: "The other desk declined. Ask there, and for a new invitation.",
  busy: "The other desk is busy with another attempt, or there were too many from here. Wait a minute, then type the code again.",
  failed: "The other desk could not write its part. Try again with a new invitation; the reason is in its log.",
};

/** `invitation_wrong`, `invitation_used`, … as the joiner sees it. */
export const refusalError = (reason: JoinRefusal): AppError => new AppError(`invitation_${reason}`, ADVICE[reason]);
