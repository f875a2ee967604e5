/**
 * Heartbeats of one connection: whoever was not heard for two heartbeats is gone (half-open sockets show nothing else).
 * Times are monotonic. A tick that comes late, since this process or machine stood still, is no silence of the peer.
 */
import type { Pulse } from "./session-state.ts";

export const startPulse = (now: number, everyMs: number): Pulse => ({
  everyMs,
  heardAt: now,
  nextPingAt: now + everyMs,
  n: 0,
  pingedAt: now,
  clockOffset: null,
});

export const heard = (pulse: Pulse, now: number): Pulse => ({ ...pulse, heardAt: Math.max(pulse.heardAt, now) });

/** Shifts the silence by what this process itself was late. */
export const excused = (pulse: Pulse, lateMs: number, now: number): Pulse =>
  lateMs > 0 ? { ...pulse, heardAt: Math.min(now, pulse.heardAt + lateMs) } : pulse;

export const isSilent = (pulse: Pulse, now: number): boolean => now - pulse.heardAt >= 2 * pulse.everyMs;

/** The next ping if one is due. */
export const duePing = (pulse: Pulse, now: number): Pulse | null =>
  now < pulse.nextPingAt ? null : { ...pulse, n: pulse.n + 1, pingedAt: now, nextPingAt: now + pulse.everyMs };

/** The answer tells the peer's clock: it was read about half-way between question and answer. */
export const answered = (pulse: Pulse, n: number, theirWall: number, now: number, ourWall: number): Pulse =>
  n === pulse.n ? { ...pulse, clockOffset: Math.round(theirWall - (ourWall - (now - pulse.pingedAt) / 2)) } : pulse;

/** When something is due next. */
export const pulseDeadline = (pulse: Pulse): number => Math.min(pulse.nextPingAt, pulse.heardAt + 2 * pulse.everyMs);
