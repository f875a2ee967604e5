/** Patterns of texts: they take what `RegExp` takes, never more than a step a character and place, and refuse what they do not know. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "../../shared/schema/pattern.ts";

const matches = (pattern: string, text: string): boolean => {
  const compiled = compilePattern(pattern);
  if ("refused" in compiled) throw new Error(`${pattern}: ${compiled.refused}`);
  return compiled.matches(text);
};

const atom = fc.constantFrom("a", "b", "-", ".", "\\d", "\\w", "\\s", "[ab]", "[^a]", "[a-c1-2]", "\\.", "\\\\", "[\\]x]", "é", "😀", " ");
const repeat = fc.constantFrom("", "", "?", "*", "+", "{2}", "{0,2}", "{1,}", "{3,4}");
const sequence = fc.array(fc.tuple(atom, repeat), { maxLength: 6 }).map((parts) => parts.map((part) => part.join("")).join(""));
const pattern = fc.array(sequence, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("|"));
const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", "-", ".", "\\", "]", "é", "😀", " ", "\n"), maxLength: 8 });

test("a pattern takes exactly what the same regular expression takes of a whole text", () => {
  fc.assert(
    fc.property(pattern, text, (source, typed) => {
      expect(matches(source, typed)).toBe(new RegExp(`^(?:${source})$`, "us").test(typed));
    }),
    { numRuns: 2000 },
  );
});

describe("a pattern", () => {
  test.each([
    ["^[A-Z]{2}-\\d+$", "AB-12", true],
    ["[A-Z]{2}-\\d+", "xAB-12", false],
    ["new|old", "old", true],
    ["[|]|x", "|", true],
    ["a\\$", "a$", true],
    ["", "", true],
  ])("%s takes %s: %s", (source, typed, taken) => expect(matches(source, typed)).toBe(taken));

  test("of repeated repetitions costs what its places and the text cost, whatever the text", () => {
    // A regular expression would try every way to share the letters among the repetitions.
    const source = `${"a*".repeat(40)}b`;
    expect(matches(source, `${"a".repeat(1000)}b`)).toBe(true);
    expect(matches(source, "a".repeat(1000))).toBe(false);
  });

  test.each(["(a+)+", "(?=a)", "\\1", "a**", "a{2,1}", "a{,2}", "[z-a]", "[", "a)", "^a^", "a$b", "\\p{L}", "a{999}b", "\\u0041", "\\b"])(
    "%s is refused, and said why",
    (source) => {
      const compiled = compilePattern(source);
      expect("refused" in compiled && compiled.refused).toMatch(/understood|class|repetition|places/);
    },
  );
});
