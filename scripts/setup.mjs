// Installs the npm packages when they lack, and nothing else; runs before every other script (the `pre…` entries of package.json).
// It must run on whatever Node started npm, before anything is installed: plain JavaScript, built-ins only.
// Standard output belongs to the command that follows (`npm run --silent cli` prints JSON there), so all words go to standard error.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lock = `${root}package-lock.json`;
const installed = `${root}node_modules/.package-lock.json`;
const bundledNode = `${root}node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`;

/** @param {string} message */
const say = (message) => process.stderr.write(`setup: ${message}\n`);

/** Runs npm under the Node that started it, so that replacing our own Node below node_modules works. */
const npmCi = () => {
  const args = ["ci", "--no-fund", "--no-audit", "--loglevel=error"];
  const npmScript = process.env["npm_execpath"];
  const options = { cwd: root, stdio: /** @type {["ignore", 2, 2]} */ (["ignore", 2, 2]) };
  if (npmScript) return spawnSync(process.env["npm_node_execpath"] ?? process.execPath, [npmScript, ...args], options);
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
};

const why = !existsSync(installed)
  ? "missing"
  : statSync(installed).mtimeMs < statSync(lock).mtimeMs
    ? "older than package-lock.json"
    : undefined;
if (why) {
  say(`npm packages are ${why}; installing them with "npm ci" (about half a minute)`);
  const result = npmCi();
  if (result.error || result.status !== 0) {
    say(`"npm ci" failed${result.error ? ` (${result.error.message})` : ""}; see the lines above, then run the command again`);
    process.exit(1);
  }
}
if (!existsSync(bundledNode) && Number(process.versions.node.split(".")[0]) < 24) {
  say(
    `this is Node ${process.versions.node}, and the Node 24 of the "node" package was not installed; run "npm rebuild node" without --ignore-scripts`,
  );
  process.exit(1);
}
