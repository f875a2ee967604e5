/**
 * How a command fails: exit status 2 when its arguments can't be used, else 1; one sentence on standard error, and with `--json` also
 * `{"error":{"code","message"}}` on standard output. Source: contracts.md, "Command line".
 */
import { AppError } from "../../shared/errors.ts";

/** What is wrong with what was typed, as the host's own codes name it. */
const UNUSABLE_CODES: ReadonlySet<string> = new Set([
  "bad_arguments",
  "bad_input",
  "bad_profile_name",
  "unknown_command",
  "unknown_field",
  "unusable_value",
  "bad_map",
  "no_title",
]);

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly status: 1 | 2;
}

/** As the system says it of the small files beside the database, or as the store does of its own. */
export const isFullDisk = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT" || error.code === "disk_full");

export const failureOf = (error: unknown): Failure => {
  if (isFullDisk(error) && !(error instanceof AppError))
    return { code: "disk_full", message: "The disk is full. Free some space and try again; nothing was lost.", status: 1 };
  if (!(error instanceof AppError)) {
    const cause = error instanceof Error ? error.message : String(error);
    return { code: "internal", message: `Something went wrong inside Switchyard: ${cause}`, status: 1 };
  }
  return { code: error.code, message: error.advice, status: UNUSABLE_CODES.has(error.code) ? 2 : 1 };
};
