/**
 * Which order a typed number means: the whole number (`A-42`), else the digits alone if they are unique, else those with one's
 * own letters. Never a guess beyond that. Source: contracts.md, "Ids, times, numbers".
 */
const WHOLE = /^([a-z]+\d*)-(\d+)$/i;
/** As it is said on the phone: `A 42`, `a42`. */
const SPOKEN = /^([a-z]+)\s*(\d+)$/i;
const DIGITS = /^\d+$/;

export type TypedNumber =
  | { readonly kind: "whole"; readonly number: string }
  | { readonly kind: "digits"; readonly digits: string }
  | { readonly kind: "none" };

/** Reads `A-42`, `a-42`, `A 42`, `a42`, `#42`, `42`; leading zeros of the counter are left out. */
export const readNumber = (typed: string): TypedNumber => {
  const text = typed.trim().replace(/^#/, "");
  const whole = WHOLE.exec(text) ?? SPOKEN.exec(text);
  if (whole !== null) return { kind: "whole", number: `${(whole[1] ?? "").toUpperCase()}-${withoutZeros(whole[2] ?? "")}` };
  return DIGITS.test(text) ? { kind: "digits", digits: withoutZeros(text) } : { kind: "none" };
};

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, "");

export type Choice<Candidate> =
  | { readonly kind: "one"; readonly order: Candidate }
  | { readonly kind: "none" }
  | { readonly kind: "several"; readonly orders: readonly Candidate[] };

/** The order meant among those that carry the typed number or digits. `letters`: this desk's own. */
export const chooseOrder = <Candidate extends { readonly number: string | null }>(
  candidates: readonly Candidate[],
  letters: string | undefined,
): Choice<Candidate> => {
  const [first, ...others] = candidates;
  if (first === undefined) return { kind: "none" };
  if (others.length === 0) return { kind: "one", order: first };
  const own = candidates.filter(({ number }) => letters !== undefined && number !== null && number.startsWith(`${letters}-`));
  const [mine, ...more] = own;
  return mine !== undefined && more.length === 0 ? { kind: "one", order: mine } : { kind: "several", orders: candidates };
};

/** By letters, then by counter: `A-9` before `A-10` before `AA-1`; what has no number comes last. */
export const compareNumbers = (a: string | null, b: string | null): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const left = WHOLE.exec(a);
  const right = WHOLE.exec(b);
  if (left === null || right === null) return a < b ? -1 : a > b ? 1 : 0;
  const [aLetters = "", bLetters = ""] = [left[1], right[1]];
  if (aLetters !== bLetters) return aLetters.length - bLetters.length || (aLetters < bLetters ? -1 : 1);
  return Number(left[2]) - Number(right[2]);
};
