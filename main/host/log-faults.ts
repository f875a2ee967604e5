/**
 * What any host writes down, and the log of a single command: notices to the person (a damaged database was set aside) and faults of
 * ours go to standard error, the rest nowhere. Apart from `log.ts`, so that a command need not load the logging library.
 */
import process from "node:process";

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const logFaultsOnly: Log = {
  info: () => undefined,
  warn: (fields, message) => {
    if ("code" in fields) process.stderr.write(`${message}\n`);
  },
  error: (fields, message) => {
    const err = "err" in fields && fields.err instanceof Error ? `: ${fields.err.message}` : "";
    process.stderr.write(`switchyard: ${message}${err}\n`);
  },
};
