/**
 * The one build: main process (window, hub, sync worker), preload and renderer, from sources to `out/`.
 * CommonJS for main and preload, and the targets of the oldest Electron that the tests run in (25: Node 18, Chromium 114);
 * SWITCHYARD_TARGET=release takes those of the Electron that ships.
 */
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

// Absolute, or the dev server's dependency scan fails.
const from = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const release = process.env["SWITCHYARD_TARGET"] === "release";
const node = release ? "node22" : "node18";
const chrome = release ? "chrome140" : "chrome114";
const cjs = { format: "cjs", entryFileNames: "[name].cjs", chunkFileNames: "chunks/[name]-[hash].cjs" } as const;

export default defineConfig({
  main: {
    build: {
      target: node,
      sourcemap: true,
      externalizeDeps: false,
      outDir: "out/main",
      rolldownOptions: {
        external: ["electron", "better-sqlite3"],
        input: {
          index: from("main/index.ts"),
          hub: from("main/hub.ts"),
          "sync-worker": from("main/sync-worker.ts"),
          "file-worker": from("main/file-worker.ts"),
        },
        output: cjs,
      },
    },
  },
  preload: {
    build: {
      target: node,
      sourcemap: true,
      externalizeDeps: false,
      outDir: "out/preload",
      rolldownOptions: { external: ["electron"], input: { preload: from("main/preload.ts") }, output: cjs },
    },
  },
  renderer: {
    root: "renderer",
    plugins: [react()],
    build: { target: chrome, minify: true, outDir: "out/renderer", rolldownOptions: { input: from("renderer/index.html") } },
  },
});
