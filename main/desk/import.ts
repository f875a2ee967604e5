/**
 * Files into work orders. Not in this build yet: every request says so.
 */
import { AppError } from "../../shared/errors.ts";
import type { Handlers } from "../host/ports.ts";
import type { DeskContext } from "./context.ts";
import type { Notes } from "./notes.ts";

export interface Imports {
  readonly handlers: Pick<Handlers, "import.choose" | "import.upload" | "import.check" | "import.run" | "import.cancel">;
  close(): void;
}

export const createImports = (_context: DeskContext, _notes: Notes): Imports => {
  const refuse = (): never => {
    throw new AppError("not_built", "This build cannot import files yet.");
  };
  return {
    handlers: { "import.choose": refuse, "import.upload": refuse, "import.check": refuse, "import.run": refuse, "import.cancel": refuse },
    close: () => undefined,
  };
};
