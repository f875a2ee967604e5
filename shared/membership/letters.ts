/**
 * The letters before the counter of an order number. A founder has `A`; an inviter gives its own letters and one more, so two admins
 * who invite while apart never give the same. After `Y` comes `ZA`: no suffix is the start of another, so no joiner is mistaken for a joiner's joiner.
 */
export const FOUNDER_LETTERS = "A";
const LETTERS = /^[A-Z]{1,32}$/;
const SUFFIX = /^Z*[A-Y]$/;

export const isLetters = (text: string): boolean => LETTERS.test(text);

/** Are these letters an inviter's own and one step more? */
export const areLettersFrom = (inviter: string, letters: string): boolean =>
  isLetters(letters) && letters.startsWith(inviter) && SUFFIX.test(letters.slice(inviter.length));

/** The first letters after the inviter's own that are not in `given`; undefined when they would pass 32 (about 600 joiners). */
export const nextLetters = (inviter: string, given: ReadonlySet<string>): string | undefined => {
  for (let prefix = inviter; prefix.length < 32; prefix += "Z") {
    for (const last of "ABCDEFGHIJKLMNOPQRSTUVWXY") {
      if (!given.has(prefix + last)) return prefix + last;
    }
  }
  return undefined;
};
