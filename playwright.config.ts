/**
 * The end-to-end suite: the same journeys in a real Electron window and in Chromium against the browser board.
 * A test learns from its project's name which of the two it drives; Electron's file is the one that scripts/e2e.ts found.
 * One at a time: each journey starts processes of its own, and two cores must do.
 */
import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/chromium-path.ts";

const executablePath = findChromium();
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"];

export default defineConfig({
  testDir: "test/e2e",
  outputDir: ".artifacts/e2e",
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1366, height: 768 },
    locale: "en-US",
    trace: "retain-on-failure",
    launchOptions: { ...(executablePath === undefined ? {} : { executablePath }), args },
  },
  projects: [
    // What only a browser has is not run, rather than skipped, in the app, and the other way round.
    { name: "electron", testIgnore: "**/*.browser.spec.ts" },
    { name: "chromium", testIgnore: "**/*.electron.spec.ts" },
  ],
});
