/**
 * Words as search sees them: folded (case, accents, ß), cut at everything that is no letter or digit. The index is fed with words
 * that went through here, and so is what a person types, so both always agree; also how far two words are from each other.
 */

/** Folded words of a text, in order. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .match(/[\p{L}\p{N}]+/gu) ?? [];

const LONGEST_NAME = 32;
const SHORTEST_NAME = 4;

/** Words in which a slip of the keys is forgiven: letters alone, neither short nor endless. */
export const isName = (word: string): boolean => word.length >= SHORTEST_NAME && word.length <= LONGEST_NAME && !/\p{N}/u.test(word);

/** How many slips are forgiven in a word of this length. */
export const slipsAllowed = (length: number): number => (length < SHORTEST_NAME ? 0 : length < 8 ? 1 : 2);

/** Letters put in, left out, mistaken or swapped between two words, or `most + 1` if there are more than `most`. */
export const slipsBetween = (one: string, other: string, most: number): number => {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j++) {
      const same = one.charCodeAt(i - 1) === other.charCodeAt(j - 1);
      let slips = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped =
        i > 1 && j > 1 && one.charCodeAt(i - 1) === other.charCodeAt(j - 2) && one.charCodeAt(i - 2) === other.charCodeAt(j - 1);
      if (swapped) slips = Math.min(slips, (before[j - 2] ?? 0) + 1);
      row.push(slips);
      least = Math.min(least, slips);
    }
    if (least > most) return most + 1;
    before = above;
    above = row;
  }
  return Math.min(above[other.length] ?? 0, most + 1);
};

/** Which letters a word has, as bits: two words that differ in more bits than slips can explain need no closer look. */
export const lettersOf = (word: string): number => {
  let bits = 0;
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) % 31);
  return bits;
};

/** How many letters only one of them has. */
export const lettersApart = (one: number, other: number): number => {
  let count = 0;
  for (let bits = one ^ other; bits !== 0; bits &= bits - 1) count += 1;
  return count;
};
