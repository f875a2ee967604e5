/**
 * What a peer's bytes are answered with when they break the protocol: one typed error, thrown by the codec and nothing else.
 * The link that brought them is closed; nothing of the message was used.
 */
import { AppError } from "../errors.ts";

export type RefusalCode =
  /** Not MessagePack, or not the shape that its kind has. */
  | "garbled"
  /** Longer, deeper or more than `limits.ts` allows. */
  | "too_large";

export class Refusal extends AppError {
  /** `what` is for the log: which field, which bound. */
  constructor(code: RefusalCode, what: string) {
    super(
      code,
      `A desk sent something that this version of Switchyard does not take (${what}). Update both desks; if it goes on, report it.`,
    );
    this.name = "Refusal";
  }
}

export const garbled = (what: string): Refusal => new Refusal("garbled", what);
export const tooLarge = (what: string): Refusal => new Refusal("too_large", what);
