/**
 * The code's own rules that neither types nor lint can state: length of files, head comments, one word for one thing,
 * colours and sizes in tokens alone, purity of `shared`, SQL in the store alone, branded casts in parsers alone.
 * Each finding names its file and line; the rules are in CONTRIBUTING.md.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = path.resolve(fileURLToPath(new URL("../..", import.meta.url)));
const self = "test/unit/tidy.test.ts";

interface Source {
  readonly file: string;
  readonly text: string;
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return file === "test/fixtures" || entry.name === "node_modules" ? [] : filesBelow(file);
    return [file];
  });

const configs = readdirSync(root).filter((name) => /\.(ts|mjs)$/.test(name));
const sources: readonly Source[] = [...configs, ...["main", "renderer", "shared", "scripts", "test"].flatMap(filesBelow)]
  .filter((file) => /\.(ts|tsx|mjs|css|sql)$/.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));
const code = sources.filter(({ file }) => /\.(ts|tsx|mjs)$/.test(file));
const within = (list: readonly Source[], ...folders: readonly string[]) =>
  list.filter(({ file }) => folders.some((folder) => file.startsWith(`${folder}/`)));

/** The text with its comments blanked out, line breaks kept, so that line numbers stay true. */
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, " "));

/** `file:line: match` for every match in the files. */
const findings = (list: readonly Source[], pattern: RegExp): readonly string[] =>
  list.flatMap(({ file, text }) =>
    text.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );

const bare = (list: readonly Source[]): readonly Source[] => list.map(({ file, text }) => ({ file, text: withoutComments(text) }));

describe("files", () => {
  test("there are sources to look at in every folder", () => {
    for (const folder of ["main", "renderer", "shared", "scripts", "test"])
      expect(within(sources, folder).length, folder).toBeGreaterThan(0);
  });

  test("no file has more than 400 lines", () => {
    const long = sources
      .filter(({ text }) => text.split("\n").length > 401)
      .map(({ file, text }) => `${file}: ${text.split("\n").length - 1}`);
    expect(long).toEqual([]);
  });

  test("most files have at most 150 lines", () => {
    const lengths = code.map(({ text }) => text.split("\n").length - 1).toSorted((one, other) => one - other);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(150);
  });

  test("each file opens with a comment that says what it is", () => {
    const head = /^(#!.*\n)?(\/\*\*?(?<block>[\s\S]*?)\*\/|(?<lines>(\/\/.*\n|--.*\n)+))/;
    const silent = sources.filter(({ text }) => {
      const found = head.exec(text);
      const words = `${found?.groups?.["block"] ?? ""}${found?.groups?.["lines"] ?? ""}`.replaceAll(/[*/\s-]+/g, " ").trim();
      return words.length < 20;
    });
    expect(silent.map(({ file }) => file)).toEqual([]);
  });

  test("no folder is a drawer for odds and ends, no file only passes others on", () => {
    const drawers = sources.filter(({ file }) => /(^|\/)(utils?|helpers?|common|misc|lib)(\/|\.ts)/.test(file)).map(({ file }) => file);
    const barrels = code.filter(({ text }) => {
      const statements = withoutComments(text).trim();
      return statements !== "" && /^(export (type )?(\*( as \w+)?|\{[^}]*\}) from "[^"]+";\s*)+$/.test(statements);
    });
    expect([...drawers, ...barrels.map(({ file }) => file)]).toEqual([]);
  });

  test("nothing is left for later", () => {
    const marks = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b`);
    expect(findings(sources, marks)).toEqual([]);
  });
});

describe("words", () => {
  /** What is easily said instead of a term of the design; each with the term. Only words that have no other use here. */
  const synonyms: readonly { readonly pattern: RegExp; readonly term: string }[] = [
    { pattern: /\b(peerId|installationId|peer id|installation id)\b/, term: "device id" },
    { pattern: /\b(nodeId|siteReplica|actorId)\b/, term: "replica id" },
    { pattern: /\b(vector clocks?|version clocks?|vectorClock)\b/i, term: "version vector" },
    { pattern: /\b(mutations?|changesets?|change sets?)\b/i, term: "change" },
    { pattern: /\b(work items?|workItem|jobId|ticketId)\b/i, term: "work order" },
    { pattern: /\b(appointments?|appointmentId)\b/i, term: "visit" },
    { pattern: /\b(tenantId|organi[sz]ationId|teamId)\b/, term: "workspace" },
    { pattern: /\b(docId|documentId|entityId|rowUuid)\b/, term: "record id" },
    { pattern: /\b(soft[- ]?deletes?d?|softDelete)\b/i, term: "deletion" },
    { pattern: /\b(stateHash|stateChecksum|merkle root)\b/i, term: "fingerprint" },
    { pattern: /\b(entity type|entityType)\b/i, term: "collection" },
  ];

  test.each(synonyms)("$term is said by its name, not as $pattern", ({ pattern }) => {
    expect(
      findings(
        sources.filter(({ file }) => file !== self),
        pattern,
      ),
    ).toEqual([]);
  });
});

describe("looks", () => {
  const styles = within(sources, "renderer").filter(({ file }) => file.endsWith(".css") && file !== "renderer/ui/tokens.css");
  const rawColour = /#[0-9a-f]{3,8}\b|\b(rgb|rgba|hsl|hsla|oklch|oklab|lab|lch)\(/i;

  test("colours stand in renderer/ui/tokens.css alone", () => {
    const inCode = /["'`]#([0-9a-f]{6}|[0-9a-f]{8})\b|\b(rgba?|hsla?|oklch)\(\s*\d/i;
    expect([...findings(bare(styles), rawColour), ...findings(bare(within(code, "renderer")), inCode)]).toEqual([]);
  });

  test("sizes in pixels stand in renderer/ui/tokens.css alone", () => {
    // A media or container query cannot read a custom property.
    const inStyles = findings(bare(styles), /(?<![\w-])\d*\.?\d+px\b/).filter((line) => !/@(media|container)/.test(line));
    expect([...inStyles, ...findings(bare(within(code, "renderer")), /["'`\s:]\d*\.?\d+px\b/)]).toEqual([]);
  });
});

describe("edges", () => {
  test("shared reads no clock and draws no chance", () => {
    expect(
      findings(bare(within(code, "shared")), /\bDate\.now\b|\bnew Date\b|\bMath\.random\b|\bTemporal\.Now\b|\bperformance\.now\b/),
    ).toEqual([]);
  });

  test("SQL stands in main/store and main/host/lock.ts alone", () => {
    const sql = /\b(SELECT\s.+\sFROM|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX|VIEW)|PRAGMA \w+)\b/;
    const elsewhere = within(code, "main", "renderer", "shared").filter(
      ({ file }) => !file.startsWith("main/store/") && file !== "main/host/lock.ts",
    );
    expect(findings(bare(elsewhere), sql)).toEqual([]);
  });

  test("a branded id is made by its parser alone, never by a cast elsewhere", () => {
    const product = within(code, "main", "renderer", "shared");
    const declared = product.flatMap(({ file, text }) =>
      [...text.matchAll(/export type (\w+) = Brand</g)].map(([, name = ""]) => ({ file, name })),
    );
    expect(declared.length).toBeGreaterThan(5);
    // A time is a plain reading, so EpochMs may be cast where the clock is read; an id never.
    const casts = declared
      .filter(({ name }) => name !== "EpochMs")
      .flatMap(({ file: home, name }) =>
        findings(
          bare(product.filter(({ file, text }) => file !== home && !text.includes(`export const parse${name} `))),
          new RegExp(`[\\w)\\]"] as ${name}\\b(?! *[,}])`),
        ),
      );
    expect(casts).toEqual([]);
  });
});

describe("lock file", () => {
  test("package-lock.json names versions and hashes, no addresses to fetch from", () => {
    const lock = readFileSync(path.join(root, "package-lock.json"), "utf8");
    expect(lock).toContain('"integrity"');
    expect(lock).not.toContain('"resolved": "http');
  });
});
