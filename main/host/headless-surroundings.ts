/**
 * The surroundings of a host without a window: it has nobody to ask, so what must be confirmed outside a page is done by the command
 * line, where typing the command is the confirmation.
 */
import { AppError } from "../../shared/errors.ts";
import type { Surroundings } from "./ports.ts";

export const headlessSurroundings: Surroundings = {
  host: "headless",
  confirm: ({ title }) =>
    Promise.reject(
      new AppError(
        "confirm_elsewhere",
        `"${title}" must be confirmed outside a browser. Do it on the command line of this machine (npm run cli -- --help).`,
      ),
    ),
  chooseFile: () =>
    Promise.reject(new AppError("choose_in_page", "A browser opens the file itself: drop it on the page or choose it there.")),
};
