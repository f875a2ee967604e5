/**
 * How often an address may try a code: three wrong ones a minute. Wrong codes cost time and never end an invitation.
 * A pure value: time is passed in; what is older than a minute is forgotten.
 */
const WINDOW_MS = 60_000;
const MAX_WRONG = 3;
/** Addresses remembered at once; with more the oldest are forgotten (each still waits its turn and its scrypt). */
const MAX_ADDRESSES = 1000;

export type Attempts = ReadonlyMap<string, readonly number[]>;

const recent = (times: readonly number[] | undefined, now: number): readonly number[] => (times ?? []).filter((at) => now - at < WINDOW_MS);

/** May this address try now? `now` in ms of any steady clock. */
export const mayTry = (attempts: Attempts, address: string, now: number): boolean => recent(attempts.get(address), now).length < MAX_WRONG;

/** After a wrong code. */
export const afterWrong = (attempts: Attempts, address: string, now: number): Attempts => {
  const kept = [...attempts].filter(([other, times]) => other !== address && recent(times, now).length > 0).slice(1 - MAX_ADDRESSES);
  return new Map([...kept, [address, [...recent(attempts.get(address), now), now]]]);
};
