/**
 * Where the window stood last, in `<profile>/window.json`: taken up again if it still lies on a screen, else the system chooses.
 * A file that makes no sense is as good as none: nothing but a place is lost.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type BrowserWindow, type Rectangle, screen } from "electron";
import { z } from "zod";
import type { Profile } from "../host/profile.ts";

const side = z.number().int().min(-100_000).max(100_000);
const placeFile = z.object({ x: side, y: side, width: side.min(200), height: side.min(200), maximized: z.boolean() });
export type WindowPlace = z.output<typeof placeFile>;

const SAVE_AFTER_MS = 500;
/** How much of the window must be on a screen for it to be grabbed. */
const GRIP_PX = 100;

const fileOf = ({ folder }: Profile): string => path.join(folder, "window.json");

export const readPlace = (profile: Profile): WindowPlace | undefined => {
  try {
    const place = placeFile.safeParse(JSON.parse(readFileSync(fileOf(profile), "utf8"))).data;
    return place !== undefined && isOnScreen(place) ? place : undefined;
  } catch {
    // Missing or garbled: the system chooses a place.
    return undefined;
  }
};

/** Writes the place down a moment after each move, and at the end. */
export const keepPlace = (window: BrowserWindow, profile: Profile, failed: (error: unknown) => void): void => {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    const next = `${fileOf(profile)}.new`;
    try {
      writeFileSync(next, JSON.stringify({ ...window.getNormalBounds(), maximized: window.isMaximized() } satisfies WindowPlace));
      renameSync(next, fileOf(profile));
    } catch (error) {
      failed(error);
    }
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  };
  window.on("resize", later);
  window.on("move", later);
  window.on("close", save);
};

const isOnScreen = ({ x, y, width }: Rectangle): boolean =>
  screen.getAllDisplays().some(({ workArea }) => {
    const overlap = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    return overlap >= GRIP_PX && y >= workArea.y && y <= workArea.y + workArea.height - GRIP_PX;
  });
