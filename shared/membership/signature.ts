/**
 * Signatures and keys of P-256 in one form each. A signature (r, s) has a twin (r, n - s) that anyone can make; only the lower s
 * is taken, so that nobody but the signer can give an operation another hash. Keys are SPKI DER of an uncompressed point, 91 bytes.
 */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF = N >> 1n;

/** SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING 04 … } */
const SPKI_PREFIX = [
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
  0x03, 0x42, 0x00, 0x04,
] as const;
const PUBLIC_KEY_BYTES = 91;
export const SIGNATURE_BYTES = 64;

const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** The form that is kept: s in the lower half. `signature` is r and s, 32 bytes each. */
export const canonicalSignature = (signature: Uint8Array): Uint8Array => {
  const s = numberOf(signature.subarray(32));
  if (s <= HALF) return signature.slice();
  const canonical = signature.slice();
  let rest = N - s;
  for (let i = SIGNATURE_BYTES - 1; i >= 32; i--) {
    canonical[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return canonical;
};

export const isCanonicalSignature = (signature: Uint8Array): boolean =>
  signature.length === SIGNATURE_BYTES && numberOf(signature.subarray(32)) <= HALF;

/** Right length and curve; whether the point lies on it, the verifier finds. */
export const isPublicKey = (bytes: Uint8Array): boolean =>
  bytes.length === PUBLIC_KEY_BYTES && SPKI_PREFIX.every((byte, at) => bytes[at] === byte);
