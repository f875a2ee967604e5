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
