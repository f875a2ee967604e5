/**
 * Operations to bytes and back. Bytes are packed [payload, signature]; the payload is packed
 * ["switchyard-operation", version, kind, workspace or null, predecessors, signer, body]. The hash of the bytes is the id.
 * Parsing checks form and bounds alone; whether an operation counts is for `fold.ts`.
 */
import { AppError } from "../errors.ts";
import { type DeviceId, parseDeviceId, parseWorkspaceId, type WorkspaceId } from "../ids.ts";
import { type Fields, readFound, readGrant, readJoin, readRevoke } from "./bodies.ts";
import { type Packed, pack, unpack } from "./packing.ts";
import { canonicalSignature, isCanonicalSignature } from "./signature.ts";
import { base64urlBytes, base64urlText } from "./text.ts";
import { type MembershipCrypto, type Operation, type OperationId, parseOperationId, type Signer } from "./types.ts";

export const MAX_OPERATION_BYTES = 4096;
export const MAX_PREDECESSORS = 16;
const DOMAIN = "switchyard-operation";
const VERSION = 1;
const HASH_BYTES = 32;
const KIND = /^[a-z][a-z-]{0,31}$/;

export type Refusal = {
  readonly refused: "too_large" | "garbled" | "bad_body" | "bad_predecessors";
};

export type ParsedOperation = { readonly operation: Operation } | Refusal;

const isHash = (value: Packed | undefined): value is Uint8Array => value instanceof Uint8Array && value.length === HASH_BYTES;

const readPredecessors = (value: Packed | undefined): readonly OperationId[] | undefined => {
  if (!Array.isArray(value) || value.length > MAX_PREDECESSORS) return undefined;
  const ids: OperationId[] = [];
  let last = "";
  for (const hash of value as readonly Packed[]) {
    const id = isHash(hash) ? parseOperationId(base64urlText(hash)) : undefined;
    if (id === undefined || id <= last) return undefined;
    ids.push(id);
    last = id;
  }
  return ids;
};

/** Reads an operation from a peer or the store. Never throws; anything that is not exactly one operation's bytes is refused. */
export const parseOperation = (bytes: Uint8Array, crypto: Pick<MembershipCrypto, "sha256">): ParsedOperation => {
  if (bytes.length > MAX_OPERATION_BYTES) return { refused: "too_large" };
  const outer = unpack(bytes);
  if (!Array.isArray(outer) || outer.length !== 2) return { refused: "garbled" };
  const [payload, signature] = outer as readonly Packed[];
  if (!(payload instanceof Uint8Array) || !(signature instanceof Uint8Array) || !isCanonicalSignature(signature))
    return { refused: "garbled" };
  const inner = unpack(payload);
  if (!Array.isArray(inner) || inner.length !== 7) return { refused: "garbled" };
  const [domain, version, name, workspaceHash, predecessorHashes, signerHash, body] = inner as readonly Packed[];
  if (domain !== DOMAIN || typeof version !== "number" || version < 1 || typeof name !== "string" || !KIND.test(name))
    return { refused: "garbled" };
  const predecessors = readPredecessors(predecessorHashes);
  const founds = name === "found";
  if (predecessors === undefined || (predecessors.length === 0) !== founds) return { refused: "bad_predecessors" };
  const id = parseOperationId(base64urlText(crypto.sha256(bytes)));
  const signer = isHash(signerHash) ? parseDeviceId(base64urlText(signerHash)) : undefined;
  if (id === undefined || signer === undefined || !(body instanceof Map)) return { refused: "garbled" };
  const hash: Packed | undefined = founds ? null : workspaceHash;
  if (hash !== workspaceHash || (!founds && !isHash(workspaceHash))) return { refused: "garbled" };
  const workspace = parseWorkspaceId(isHash(workspaceHash) ? base64urlText(workspaceHash) : id);
  if (workspace === undefined) return { refused: "garbled" };
  const envelope = { id, bytes, payload, signature, version, workspace, predecessors, signer };
  const fields = body as Fields;
  if (version !== VERSION) return { operation: { ...envelope, kind: "unknown", name } };
  switch (name) {
    case "found": {
      const read = readFound(fields);
      return read ? { operation: { ...envelope, kind: "found", ...read } } : { refused: "bad_body" };
    }
    case "join": {
      const read = readJoin(fields);
      const device = read && parseDeviceId(base64urlText(crypto.sha256(read.publicKey)));
      return read && device ? { operation: { ...envelope, kind: "join", ...read, device } } : { refused: "bad_body" };
    }
    case "grant": {
      const read = readGrant(fields);
      return read ? { operation: { ...envelope, kind: "grant", ...read } } : { refused: "bad_body" };
    }
    case "revoke": {
      const read = readRevoke(fields);
      return read ? { operation: { ...envelope, kind: "revoke", ...read } } : { refused: "bad_body" };
    }
    default:
      return { operation: { ...envelope, kind: "unknown", name } };
  }
};

/** What is to be signed. `fields`: the body, made in `bodies.ts`. */
export interface Draft {
  readonly kind: string;
  /** Null for `found` alone. */
  readonly workspace: WorkspaceId | null;
  readonly predecessors: readonly OperationId[];
  readonly fields: Fields;
}

const hashOf = (id: OperationId | DeviceId | WorkspaceId): Uint8Array => {
  const bytes = base64urlBytes(id);
  if (bytes === undefined) throw new AppError("operation_unusable", "An id does not stand for a hash.");
  return bytes;
};

/** Signs a draft. Throws `operation_unusable` when the result would be refused: a name or a list too long. */
export const signOperation = (
  draft: Draft,
  signer: Pick<Signer, "device" | "sign">,
  crypto: Pick<MembershipCrypto, "sha256">,
): Operation => {
  const predecessors = [...new Set(draft.predecessors)].sort().map(hashOf);
  const workspace = draft.workspace === null ? null : hashOf(draft.workspace);
  const payload = pack([DOMAIN, VERSION, draft.kind, workspace, predecessors, hashOf(signer.device), draft.fields]);
  const parsed = parseOperation(pack([payload, canonicalSignature(signer.sign(payload))]), crypto);
  if ("operation" in parsed) return parsed.operation;
  throw new AppError("operation_unusable", `This ${draft.kind} cannot be signed (${parsed.refused}): a name is empty or too long.`);
};
