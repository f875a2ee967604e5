/** The sender closes the connection in good order. `replaced`: another connection between the two stays. */
import { asText } from "../fields.ts";
import type { MessageSpec } from "./spec.ts";

export type ByeReason = "stopping" | "replaced" | "other";

export interface Bye {
  readonly kind: "bye";
  readonly reason: ByeReason;
}

export const bye: MessageSpec<Bye> = {
  kind: "bye",
  write: ({ reason }) => ({ reason }),
  read: (body) => {
    const reason = asText(body["reason"], "bye.reason", 64);
    return { kind: "bye", reason: reason === "stopping" || reason === "replaced" ? reason : "other" };
  },
};
