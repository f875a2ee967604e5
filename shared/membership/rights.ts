/**
 * What a role allows. Devices of admins and dispatchers send; from any other device nothing is taken, so a viewer is a leaf and no relay.
 * All take `undefined` for a device that is no member: it may do nothing.
 */
import type { Member } from "./types.ts";

type Candidate = Pick<Member, "role"> | undefined;

/** Admit, promote, remove, change types. */
export const mayAdminister = (member: Candidate): boolean => member?.role === "admin";

/** Invite another device. */
export const mayInvite = (member: Candidate): boolean => mayAdminister(member);

/** Write records; have its changes, vectors and presence taken by others, and forward those of others. */
export const maySend = (member: Candidate): boolean => member?.role === "admin" || member?.role === "dispatcher";
