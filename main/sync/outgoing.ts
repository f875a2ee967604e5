/**
 * The sending end of one link: messages to frames, a line that fills up, a message that is larger than any peer takes. After such a one
 * nothing is sent but the error that ends the connection: the end of a sweep would claim what did not go out.
 */
import { type Encoding, encode, type Frames } from "../../shared/protocol/codec.ts";
import type { Message } from "../../shared/protocol/messages/message.ts";
import { Refusal } from "../../shared/protocol/refusal.ts";
import { compression } from "./compression.ts";
import type { Link } from "./transport/api.ts";

export interface OutgoingListener {
  /** The line is full, or free again. */
  congested(congested: boolean): void;
  /** A message was too large: the connection is to be ended. */
  refused(refusal: Refusal): void;
}

/** Bytes waiting in a link beyond which live changes are left to a round; half of what the transport bears. */
const FULL_BYTES = 8 << 20;
const FREE_BYTES = 1 << 20;
const LOOK_AGAIN_MS = 50;

export class Outgoing {
  encoding: Encoding = "deflate";
  readonly #link: Link;
  readonly #listener: OutgoingListener;
  #isCongested = false;
  #isRefused = false;

  constructor(link: Link, listener: OutgoingListener) {
    this.#link = link;
    this.#listener = listener;
  }

  send(message: Message): void {
    if (this.#isRefused && message.kind !== "error") return;
    let frames: Frames;
    try {
      frames = encode(message, this.encoding, compression);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#isRefused = true;
      this.#listener.refused(error);
      return;
    }
    for (const frame of frames) this.#link.send(frame);
    if (!this.#isCongested && this.#link.bufferedAmount > FULL_BYTES) this.#watch();
  }

  /** Live changes stop while the line is full, and what was missed is announced once it is free. */
  #watch(): void {
    this.#isCongested = true;
    this.#listener.congested(true);
    const timer = setInterval(() => {
      if (this.#link.open && this.#link.bufferedAmount > FREE_BYTES) return;
      clearInterval(timer);
      this.#isCongested = false;
      this.#listener.congested(false);
    }, LOOK_AGAIN_MS);
  }
}
