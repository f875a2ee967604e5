/**
 * The boundaries between folders and the rules that no type can state, each shown failing on a planted file.
 * The files are planted in a copy of the tree's frame outside the repository, so that no other check ever meets them;
 * one run of the linter, with the configuration that ships, judges them all.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.resolve(fileURLToPath(new URL("../..", import.meta.url)));

interface Planted {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  /** The rule that must object; undefined where nothing may. */
  readonly rule: string | undefined;
}

const imports = "eslint(no-restricted-imports)";
const forbidden: readonly Planted[] = [
  { title: "shared imports main", file: "shared/a1.ts", code: `import "../main/store/free.ts";`, rule: imports },
  { title: "shared imports renderer", file: "shared/deep/a2.ts", code: `import "../../renderer/free.ts";`, rule: imports },
  { title: "shared imports Node", file: "shared/a3.ts", code: `import "node:fs";`, rule: imports },
  { title: "shared imports Node by its old name", file: "shared/a4.ts", code: `import "fs";`, rule: imports },
  { title: "shared imports electron", file: "shared/a5.ts", code: `import "electron";`, rule: imports },
  { title: "shared imports React", file: "shared/a6.ts", code: `import "react";`, rule: imports },
  { title: "shared imports a package with I/O", file: "shared/a7.ts", code: `import "ws";`, rule: imports },
  { title: "shared imports Node lazily", file: "shared/a8.ts", code: `export const lazy = () => import("node:http");`, rule: imports },
  {
    title: "shared reads the clock",
    file: "shared/a9.ts",
    code: "export const now = () => Date.now();",
    rule: "eslint(no-restricted-globals)",
  },
  {
    title: "shared makes a Date",
    file: "shared/b1.ts",
    code: "export const now = () => new Date();",
    rule: "eslint(no-restricted-globals)",
  },
  {
    title: "shared reads the clock by Temporal",
    file: "shared/b2.ts",
    code: `import { Temporal } from "temporal-polyfill";\nexport const now = () => Temporal.Now.instant();`,
    rule: "eslint(no-restricted-properties)",
  },
  {
    title: "shared draws at random",
    file: "shared/b3.ts",
    code: "export const roll = () => Math.random();",
    rule: "eslint(no-restricted-properties)",
  },
  {
    title: "shared reads the process",
    file: "shared/b4.ts",
    code: "export const home = () => process.env;",
    rule: "eslint(no-restricted-globals)",
  },
  { title: "renderer imports main", file: "renderer/c1.ts", code: `import "../main/store/free.ts";`, rule: imports },
  {
    title: "renderer imports main from a folder below",
    file: "renderer/board/c2.ts",
    code: `import "../../main/store/free.ts";`,
    rule: imports,
  },
  { title: "renderer imports Node", file: "renderer/c3.ts", code: `import "node:path";`, rule: imports },
  { title: "renderer imports electron", file: "renderer/c4.ts", code: `import "electron";`, rule: imports },
  { title: "renderer imports SQLite", file: "renderer/c5.ts", code: `import "better-sqlite3";`, rule: imports },
  {
    title: "renderer calls a hook in a condition",
    file: "renderer/c6.tsx",
    code: `import { useState } from "react";\nexport const Odd = ({ on }: { on: boolean }) => {\n  if (on) useState(0);\n  return null;\n};`,
    rule: "react-hooks(rules-of-hooks)",
  },
  {
    title: "renderer forgets an effect's dependency",
    file: "renderer/c7.tsx",
    code: `import { useEffect } from "react";\nexport const Odd = ({ tell, what }: { tell: (what: string) => void; what: string }) => {\n  useEffect(() => tell(what), [tell]);\n  return null;\n};`,
    rule: "react-hooks(exhaustive-deps)",
  },
  {
    title: "renderer draws a picture without words",
    file: "renderer/c8.tsx",
    code: `export const Odd = () => <img src="a.png" />;`,
    rule: "jsx-a11y(alt-text)",
  },
  { title: "main imports renderer", file: "main/desk/d1.ts", code: `import "../../renderer/free.ts";`, rule: imports },
  { title: "main imports electron outside its windows", file: "main/desk/d2.ts", code: `import "electron";`, rule: imports },
  { title: "the headless entry imports electron", file: "main/hub.ts", code: `import "electron";`, rule: imports },
  { title: "main has SQL outside its store", file: "main/sync/d3.ts", code: `import "better-sqlite3";`, rule: imports },
  { title: "main has SQL in another file of the host", file: "main/host/d4.ts", code: `import "better-sqlite3";`, rule: imports },
  { title: "a window has SQL", file: "main/windows/d5.ts", code: `import "better-sqlite3";`, rule: imports },
  { title: "the store imports electron", file: "main/store/d6.ts", code: `import "electron";`, rule: imports },
  { title: "the preload imports Node", file: "main/preload.ts", code: `import "node:fs";`, rule: imports },
  { title: "a test imports electron", file: "test/e1.ts", code: `import "electron";`, rule: imports },
  {
    title: "files import each other in a ring",
    file: "main/ring/one.ts",
    code: `import { two } from "./two.ts";\nexport const one = () => two();`,
    rule: "import(no-cycle)",
  },
  { title: "a value is any", file: "main/desk/f1.ts", code: "export const f = (x: any) => x;", rule: "typescript(no-explicit-any)" },
  {
    title: "a promise floats",
    file: "main/desk/f2.ts",
    code: "const later = async () => 1;\nexport const f = () => {\n  later();\n};",
    rule: "typescript(no-floating-promises)",
  },
  {
    title: "a switch forgets a case",
    file: "main/desk/f3.ts",
    code: `export const f = (x: "a" | "b") => {\n  switch (x) {\n    case "a":\n      return 1;\n  }\n  return 2;\n};`,
    rule: "typescript(switch-exhaustiveness-check)",
  },
  {
    title: "something else than an error is thrown",
    file: "main/desk/f4.ts",
    code: `export const f = () => {\n  throw "no";\n};`,
    rule: "typescript(only-throw-error)",
  },
  {
    title: "an error is swallowed",
    file: "main/desk/f5.ts",
    code: "export const f = (g: () => void) => {\n  try {\n    g();\n  } catch {}\n};",
    rule: "eslint(no-empty)",
  },
];

const allowed: readonly Planted[] = [
  {
    title: "shared imports shared and pure packages",
    file: "shared/deep/g1.ts",
    code: `import "../free.ts";\nimport "zod";\nimport "yjs";`,
    rule: undefined,
  },
  {
    title: "renderer imports shared and React",
    file: "renderer/g2.ts",
    code: `import "../shared/free.ts";\nimport "react";`,
    rule: undefined,
  },
  {
    title: "main imports shared and Node",
    file: "main/desk/g3.ts",
    code: `import "../../shared/free.ts";\nimport "node:fs";\nimport "../store/free.ts";`,
    rule: undefined,
  },
  { title: "the store has SQL", file: "main/store/g4.ts", code: `import "better-sqlite3";`, rule: undefined },
  { title: "the lock has SQL", file: "main/host/lock.ts", code: `import "better-sqlite3";`, rule: undefined },
  { title: "the Electron entry imports electron", file: "main/index.ts", code: `import "electron";`, rule: undefined },
  { title: "a window imports electron", file: "main/windows/g5.ts", code: `import "electron";`, rule: undefined },
];

const company: Readonly<Record<string, string>> = {
  "shared/free.ts": "export const free = 1;",
  "main/store/free.ts": "export const free = 1;",
  "renderer/free.ts": "export const free = 1;",
  "main/ring/two.ts": `import { one } from "./one.ts";\nexport const two = (): unknown => one;`,
};

const rulesByFile = new Map<string, string[]>();
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "switchyard-planted-"));
  const place = (file: string, code: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), `${code}\n`);
  };
  const frame = [
    ".oxlintrc.json",
    ".gitignore",
    "tsconfig.json",
    "tsconfig.base.json",
    ...["shared", "main", "renderer", "test", "scripts"].map((name) => `${name}/tsconfig.json`),
  ];
  for (const file of frame) cpSync(path.join(root, file), path.join(folder, file));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  for (const [file, code] of Object.entries(company)) place(file, code);
  for (const { file, code } of [...forbidden, ...allowed]) place(file, code);

  const output = await new Promise<string>((resolve) => {
    const linter = path.join(root, "node_modules", "oxlint", "bin", "oxlint");
    execFile(process.execPath, [linter, "--format", "json"], { cwd: folder, maxBuffer: 1 << 26 }, (_failed, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(output) as { readonly diagnostics: readonly { readonly code: string; readonly filename: string }[] };
  for (const { code, filename } of diagnostics) {
    const file = path.relative(folder, path.resolve(folder, filename)).replaceAll(path.sep, "/");
    rulesByFile.set(file, [...(rulesByFile.get(file) ?? []), code]);
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(forbidden)("the linter objects when $title", ({ file, rule }) => {
  expect(rulesByFile.get(file) ?? []).toContain(rule);
});

test.each(allowed)("the linter lets it pass that $title", ({ file }) => {
  expect(rulesByFile.get(file) ?? []).toEqual([]);
});
