/**
 * The one error type that crosses a boundary (IPC, peer, worker, command line).
 * `code` is for logs and scripts, `advice` is the sentence a person reads: what happened and what to do.
 */

export class AppError extends Error {
  readonly code: string;
  readonly advice: string;

  constructor(code: string, advice: string, options?: { readonly cause?: unknown }) {
    super(advice, options);
    this.name = "AppError";
    this.code = code;
    this.advice = advice;
  }
}

/** What is left when a switch has covered every case; unreachable if the types hold. */
export const assertNever = (value: never): never => {
  throw new AppError("unreachable", `Unexpected value ${JSON.stringify(value)}`);
};
