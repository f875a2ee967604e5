/**
 * What a person is told when a request fails. An AppError of the host arrives as one here, over any carrier.
 */
import { AppError } from "../../shared/errors.ts";

/** The sentence to show; for what is no AppError the message of the error itself. */
export const adviceOf = (error: unknown): string => {
  if (error instanceof AppError) return error.advice;
  if (typeof error === "object" && error !== null && "advice" in error && typeof error.advice === "string") return error.advice;
  return error instanceof Error ? error.message : String(error);
};

export const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : "unknown";
