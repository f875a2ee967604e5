/**
 * Invitations and joins as the worker serves them: codes are opened for the main thread, joiners that prove to know one are admitted by a
 * signed `join`, and this device joins by a code. Signing and proofs are `main/identity`'s. One question to a person at a time.
 */
import { createHash, randomBytes } from "node:crypto";
import { AppError } from "../../shared/errors.ts";
import type { DeviceId, EpochMs } from "../../shared/ids.ts";
import { type Address, parseAddress, parseInvitation } from "../../shared/membership/invitation.ts";
import { signJoin } from "../../shared/membership/log.ts";
import { base64urlText } from "../../shared/membership/text.ts";
import type { Role } from "../../shared/membership/types.ts";
import { membershipCrypto } from "../identity/crypto.ts";
import type { Identity } from "../identity/identity.ts";
import { type Admission, createInvitations, type Invitations, type Joiner } from "../identity/invitations.ts";
import { dialJoin, type Joined } from "../identity/join.ts";
import type { ReplicaStore } from "../store/api.ts";
import type { Grown, LogKeeper } from "./log-keeper.ts";

export interface AdmissionsOptions {
  readonly identity: Identity;
  readonly store: Pick<ReplicaStore, "notebook" | "sync">;
  readonly keeper: () => LogKeeper | null;
  readonly now: () => number;
  readonly wall: () => number;
  readonly epoch: (ms: number) => EpochMs;
  /** Where a joiner may dial this device. */
  readonly addresses: () => readonly Address[];
  /** A person must say whether this joiner is let in; answered by `confirm`. */
  ask(joiner: DeviceId, name: string, role: Role): void;
  grown(grown: Grown): void;
  refused(reason: string, remoteAddress: string): void;
}

interface Question {
  readonly joiner: DeviceId;
  readonly answer: (admit: boolean) => void;
}

/** A person who does not answer has not agreed. */
const CONFIRM_MS = 4 * 60_000;

export class Admissions {
  readonly invitations: Invitations;
  readonly #options: AdmissionsOptions;
  #open: (() => void)[] = [];
  #questions: Question[] = [];

  constructor(options: AdmissionsOptions) {
    this.#options = options;
    const { identity, store, now, refused } = options;
    this.invitations = createInvitations({
      identity,
      now,
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
      sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
      burn: (invitation) => {
        store.notebook.set(`invitation.spent.${base64urlText(invitation)}`, "1");
        store.sync();
      },
      admit: (joiner) => this.#admit(joiner),
      refused,
    });
  }

  /** Opens a code. Throws `no_workspace`, `not_admin`, `invitation_needs_long`, `too_many_invitations`. */
  invite(role: Role, long: boolean, confirmed: boolean): { readonly code: string; readonly expires: EpochMs } {
    const { keeper, identity, addresses, wall, epoch } = this.#options;
    const own = this.#keeper(keeper()).members.get(identity.device);
    if (own?.role !== "admin") throw new AppError("not_admin", "Only an admin's device can invite. Ask an admin.");
    const opened = this.invitations.open({
      role,
      long,
      addresses: addresses(),
      confirm: (name, device) => confirmed || this.#ask(device, name, role),
    });
    this.#open.push(opened.cancel);
    return { code: opened.code, expires: epoch(wall() + opened.lifetimeMs) };
  }

  /** Ends all codes that are open. */
  cancel(): void {
    for (const cancel of this.#open) cancel();
    this.#open = [];
    for (const { answer } of this.#questions) answer(false);
  }

  confirm(joiner: DeviceId, admit: boolean): void {
    this.#questions.find((question) => question.joiner === joiner)?.answer(admit);
  }

  /** Joins by a code. `nearby`: where desks were seen, tried when no address was given. */
  async join(code: string, address: string | undefined, nearby: readonly Address[], name: string, signal: AbortSignal): Promise<Joined> {
    const invitation = parseInvitation(code);
    if (invitation === undefined)
      throw new AppError("invitation_unreadable", "This is no invitation. A code has ten letters and digits, like K7QF2-9XWMD.");
    const typed = address === undefined ? undefined : parseAddress(address);
    if (address !== undefined && typed === undefined)
      throw new AppError("address_unreadable", `"${address}" is no address. Write it as HOST:PORT.`);
    return dialJoin({ identity: this.#options.identity, invitation, addresses: typed === undefined ? nearby : [typed], name, signal });
  }

  #keeper(keeper: LogKeeper | null): LogKeeper {
    if (keeper === null) throw new AppError("no_workspace", "This desk belongs to no workspace yet, so there is nothing to invite to.");
    return keeper;
  }

  /** Signs the `join`, unless the device is a member already: then it only gets the log again. */
  #admit({ device, publicKey, name, role, invitation }: Joiner): Admission {
    const keeper = this.#keeper(this.#options.keeper());
    if (!keeper.members.has(device)) {
      const joiner = { publicKey, deviceName: name, role, invitation };
      const operation = signJoin(keeper.log.membership, joiner, this.#options.identity, membershipCrypto);
      const grown = keeper.take(null, [operation.bytes], []);
      this.#options.store.sync();
      this.#options.grown(grown);
    }
    return { workspace: keeper.workspace, operations: keeper.log.membership.kept.map(({ bytes }) => bytes) };
  }

  async #ask(joiner: DeviceId, name: string, role: Role): Promise<boolean> {
    const answered = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), CONFIRM_MS);
      const answer = (admit: boolean): void => {
        clearTimeout(timer);
        resolve(admit);
      };
      this.#questions.push({ joiner, answer });
    });
    this.#options.ask(joiner, name, role);
    const admit = await answered;
    this.#questions = this.#questions.filter((question) => question.joiner !== joiner);
    return admit;
  }
}
