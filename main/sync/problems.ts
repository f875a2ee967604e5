/**
 * Why a peer is not connected, in a sentence for a person; ordinary ends are no problem. Kept for each device until a session opens.
 * Beside it, that a connected peer's state is not ours although no change is lacking on either side, and what keeps this desk itself from
 * taking in what others send.
 */
import { AppError } from "../../shared/errors.ts";
import type { DeviceId } from "../../shared/ids.ts";
import type { CloseReason } from "../../shared/protocol/session-state.ts";
import { isFailure } from "../store/failure.ts";

/** The sentence for a closed connection that a person should know of; null for the ordinary ends. */
export const problemOf = (reason: CloseReason): AppError | null => {
  if (reason.kind !== "error") return null;
  const byUs = reason.by === "us";
  switch (reason.code) {
    case "update-yours":
    case "update-mine":
      return (reason.code === "update-yours") === byUs
        ? new AppError("update_theirs", "That desk runs an older Switchyard, which this one no longer understands. Update it there.")
        : new AppError("update_ours", "This desk's Switchyard is too old for that desk. Update it here.");
    case "other-workspace":
      return new AppError("other_workspace", "That desk belongs to another workspace.");
    case "not-a-member":
      return new AppError("not_a_member", byUs ? "That desk is no member any more." : "That desk no longer knows this one as a member.");
    case "rejoin-yours":
    case "rejoin-mine":
      return (reason.code === "rejoin-yours") === byUs
        ? new AppError("rejoin_theirs", "That desk has been away so long that it takes a fresh copy before anything is exchanged.")
        : new AppError("rejoin_ours", "This desk has been away so long that it takes a fresh copy before anything is exchanged.");
    case "key-in-use-twice":
      return new AppError("key_in_use_twice", "Another running Switchyard uses the same device key. Close one of the two.");
    case "forked":
    case "bad-replica":
      return new AppError("replica_refused", "That desk does not take this database for the one it knows. Restart Switchyard here.");
    case "may-not-send":
      return new AppError("may_not_send", byUs ? "That desk may only look, but tried to send changes." : "This desk may only look.");
    case "garbled":
    case "unexpected":
    case "other":
      return new AppError("protocol_broken", "The two desks do not understand each other. Update both; if it goes on, report it.");
    case "too-large":
      return new AppError(TOO_LARGE, "A record holds more than the 16 MB that desks can send at once. Shorten its notes or split it.");
    case "timeout":
      return new AppError("greeting_timeout", "That desk took too long to answer.");
  }
};

const TOO_LARGE = "too_large";
const DIFFERS =
  "That desk holds the same changes as this one, and yet something in it differs, which comparing all records did not mend. Check both desks (verify), and report what it finds.";

/** A key that is refused over so many heartbeats is in use twice; before, it may be a process that died a moment ago. */
const TWICE_HEARTBEATS = 3;

/** In what the store may fail by itself: taking in what peers send, or its housekeeping. */
export type OwnWork = "merging" | "housekeeping";

const FAILED: Readonly<Record<OwnWork, string>> = {
  merging: "A link was dropped by an error",
  housekeeping: "The store could not do its housekeeping",
};

export interface ProblemsOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly heartbeatMs: number;
  log(level: "info" | "warn", message: string, details: Readonly<Record<string, unknown>>): void;
  /** There is news for a person. */
  changed(): void;
}

export class Problems {
  readonly #options: ProblemsOptions;
  readonly #sentences = new Map<DeviceId, string>();
  readonly #refusedSince = new Map<DeviceId, number>();
  readonly #differing = new Set<DeviceId>();
  /** What was to be sent was too large: that is not solved by a connection, which ends by it again. */
  readonly #tooLarge = new Set<DeviceId>();
  readonly #own = new Map<OwnWork, string>();

  constructor(options: ProblemsOptions) {
    this.#options = options;
  }

  of(device: DeviceId): string | null {
    return this.#sentences.get(device) ?? (this.#differing.has(device) ? DIFFERS : null);
  }

  /** Of this desk itself: a full disk, a file that cannot be written. */
  get own(): string | null {
    return this.#own.get("merging") ?? this.#own.get("housekeeping") ?? null;
  }

  /** The store refused. What somebody can mend (a full disk) is told where they look; the rest is for the log. */
  failed(work: OwnWork, error: unknown): void {
    this.#options.log("warn", FAILED[work], { error: String(error) });
    if (!isFailure(error) || this.#own.get(work) === error.advice) return;
    this.#own.set(work, error.advice);
    this.#options.changed();
  }

  /** The store does that work. */
  works(work: OwnWork): void {
    if (this.#own.delete(work)) this.#options.changed();
  }

  /** Said at each heartbeat, told once. */
  differs(device: DeviceId, differs: boolean): void {
    if (!differs) this.#agrees(device);
    if (this.#differing.has(device) === differs) return;
    const { log, changed } = this.#options;
    if (differs) {
      this.#differing.add(device);
      log("warn", "A desk holds the same changes as this one and yet not the same; a repair did not help", { device });
    } else {
      this.#differing.delete(device);
      log("info", "The desk whose state differed holds the same again", { device });
    }
    changed();
  }

  solved(device: DeviceId): void {
    this.#refusedSince.delete(device);
    if (!this.#tooLarge.has(device)) this.#sentences.delete(device);
  }

  /** True when it was an error, which dialling again at once does not mend. */
  ended(device: DeviceId, reason: CloseReason): boolean {
    const problem = problemOf(reason);
    if (problem === null) return false;
    if (problem.code === TOO_LARGE) this.#tooLarge.add(device);
    const isTwice = reason.kind === "error" && reason.code === "key-in-use-twice";
    if (!isTwice || this.#isRefusedLong(device)) this.#sentences.set(device, problem.advice);
    return true;
  }

  /** The two hold the same: all has come. */
  #agrees(device: DeviceId): void {
    this.works("merging");
    if (this.#tooLarge.delete(device)) this.#sentences.delete(device);
  }

  #isRefusedLong(device: DeviceId): boolean {
    const { now, heartbeatMs } = this.#options;
    const since = this.#refusedSince.get(device) ?? now();
    this.#refusedSince.set(device, since);
    return now() - since >= TWICE_HEARTBEATS * heartbeatMs;
  }
}
