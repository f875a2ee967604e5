/**
 * What an editor sends is checked before it is stored: it must be a Yjs update of text, by the client whose lease the editor
 * holds, that goes on where the text stands. A stored update that cannot be read would hurt every desk.
 */
import * as Y from "yjs";

export type PushVerdict =
  | { readonly kind: "good" }
  /** Not an update, or of something else than text. */
  | { readonly kind: "garbled" }
  /** Written as another client than the leased one. */
  | { readonly kind: "foreign" }
  /** Begins after what the host holds: an earlier one is missing. */
  | { readonly kind: "gap" };

const decode = (update: Uint8Array): ReturnType<typeof Y.decodeUpdate> | undefined => {
  try {
    return Y.decodeUpdate(update);
  } catch {
    return undefined; // whatever the decoder stumbled over: it is not an update
  }
};

/** `held`: how far the host's document goes for this client. */
export const checkPush = (update: Uint8Array, clientId: number, held: number): PushVerdict => {
  const decoded = decode(update);
  if (decoded === undefined) return { kind: "garbled" };
  let next = held;
  for (const struct of decoded.structs) {
    if (struct.id.client !== clientId) return { kind: "foreign" };
    if (struct instanceof Y.Skip || struct.id.clock > next) return { kind: "gap" };
    const isText = struct instanceof Y.Item && (struct.content instanceof Y.ContentString || struct.content instanceof Y.ContentDeleted);
    if (!isText && !(struct instanceof Y.GC)) return { kind: "garbled" };
    next = Math.max(next, struct.id.clock + struct.length);
  }
  return { kind: "good" };
};
