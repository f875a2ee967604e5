/**
 * Patterns of texts that no text can make slow. A type travels with the data, so its pattern may come from anybody: it is not handed to
 * `RegExp`, whose time can grow without bound, but run as a set of places in the pattern, one step a character. What it may hold:
 * characters, `.`, `\d \w \s` and their opposites, classes (`[A-Z0-9-]`, `[^x]`), `? * + {n} {n,} {n,m}` behind each of these, and `|`
 * between whole alternatives. The whole text must fit; groups, anchors inside and references are refused.
 */

/** A compiled pattern, or why there is none. */
export type Pattern = { readonly matches: (text: string) => boolean } | { readonly refused: string };

/** Places that a pattern may have at most, repetitions written out: what one character costs. */
const MOST_PLACES = 500;

interface Place {
  readonly takes: RegExp;
  /** It may be passed over. */
  readonly optional: boolean;
  /** It may be taken again. */
  readonly again: boolean;
}

const ATOM =
  /(?<escape>\\[dDwWsS])|\\(?<literal>[^\p{L}\p{N}])|(?<class>\[\^?(?:\\[dDwWsS]|\\[^\p{L}\p{N}]|[^\\\][])+\])|(?<dot>\.)|(?<plain>[^\\()[\]{}*+?|^$.])/uy;
const REPEAT = /(?<mark>[*+?])|\{(?<from>\d{1,3})(?<open>,)?(?<to>\d{1,3})?\}/uy;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/;

/** One character that fits: a class of one character cannot be slow. Undefined: no such class. */
const taker = (atom: string): RegExp | undefined => {
  try {
    return new RegExp(`^(?:${atom})$`, "us");
  } catch {
    return undefined; // a range that runs backwards
  }
};

/** The places of one alternative, or why there are none. */
const placesOf = (pattern: string): readonly Place[] | string => {
  const places: Place[] = [];
  for (let at = 0; at < pattern.length; ) {
    ATOM.lastIndex = at;
    const atom = ATOM.exec(pattern);
    if (atom === null) return `“${pattern.slice(at, at + 10)}” is not understood`;
    const { escape, literal, class: set, dot, plain } = atom.groups ?? {};
    const one = literal ?? plain;
    const takes = taker(one === undefined ? (escape ?? set ?? dot ?? "") : SPECIAL.test(one) ? `\\${one}` : one);
    if (takes === undefined) return `“${atom[0]}” is no class of characters`;
    at = ATOM.lastIndex;
    REPEAT.lastIndex = at;
    const repeat = REPEAT.exec(pattern);
    if (repeat !== null) at = REPEAT.lastIndex;
    const { mark, from = "1", open, to } = repeat?.groups ?? {};
    const least = mark === undefined ? Number(from) : mark === "+" ? 1 : 0;
    const most =
      mark === undefined
        ? open === undefined
          ? least
          : Number(to ?? Number.POSITIVE_INFINITY)
        : mark === "?"
          ? 1
          : Number.POSITIVE_INFINITY;
    if (most < least || (repeat !== null && mark === undefined && open === undefined && to !== undefined))
      return `“${repeat?.[0]}” is no repetition`;
    for (let n = 0; n < least; n++) places.push({ takes, optional: false, again: false });
    if (most === Number.POSITIVE_INFINITY) places.push({ takes, optional: true, again: true });
    else for (let n = least; n < most; n++) places.push({ takes, optional: true, again: false });
    if (places.length > MOST_PLACES) return `it has more than ${MOST_PLACES} places`;
  }
  return places;
};

/** Adds a place and all that can be reached by passing over what is optional. */
const reach = (places: readonly Place[], from: number, into: Set<number>): void => {
  for (let at = from; !into.has(at); at++) {
    into.add(at);
    if (places[at]?.optional !== true) return;
  }
};

const fits = (places: readonly Place[], text: string): boolean => {
  let now = new Set<number>();
  reach(places, 0, now);
  for (const character of text) {
    const next = new Set<number>();
    for (const at of now) {
      const place = places[at];
      if (place?.takes.test(character) !== true) continue;
      reach(places, place.again ? at : at + 1, next);
    }
    if (next.size === 0) return false;
    now = next;
  }
  return now.has(places.length);
};

/** Alternatives, cut at `|` outside of classes and escapes. */
const alternativesOf = (pattern: string): readonly string[] => {
  const parts: string[] = [""];
  for (const [part] of pattern.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\||[^\\[|]+|[\\[]/gsu)) {
    if (part === "|") parts.push("");
    else parts[parts.length - 1] += part;
  }
  return parts;
};

/** Compiles a pattern; `^` before and `$` behind the whole of it may stand there and mean nothing more. */
export const compilePattern = (pattern: string): Pattern => {
  const whole = pattern.replace(/^\^/, "").replace(/(?<!\\)\$$/, "");
  const compiled: (readonly Place[])[] = [];
  for (const alternative of alternativesOf(whole)) {
    const places = placesOf(alternative);
    if (typeof places === "string") return { refused: places };
    compiled.push(places);
  }
  if (compiled.reduce((sum, places) => sum + places.length, 0) > MOST_PLACES) return { refused: `it has more than ${MOST_PLACES} places` };
  return { matches: (text) => compiled.some((places) => fits(places, text)) };
};
