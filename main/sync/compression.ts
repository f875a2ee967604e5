/**
 * Compression of record batches: zstd where this Node has it, else raw deflate, which all have. Both at their fast levels: a LAN is
 * quicker than a thorough compressor. What expands beyond the limit is cut off before it fills memory.
 */
import zlib from "node:zlib";
import { AppError } from "../../shared/errors.ts";
import type { Compression, Encoding } from "../../shared/protocol/codec.ts";

/** Electron's older Node has none. */
const hasZstd = typeof zlib.zstdCompressSync === "function";
const DEFLATE_LEVEL = 3;

/** What our hello says that we can read. */
export const CAPABILITIES: readonly string[] = hasZstd ? ["zstd"] : [];

/** What to write to a peer with these capabilities. */
export const encodingFor = (capabilities: readonly string[]): Encoding => (hasZstd && capabilities.includes("zstd") ? "zstd" : "deflate");

const plainArray = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);

export const compression: Compression = {
  compress: (bytes, encoding) => {
    if (encoding === "plain") return bytes;
    return plainArray(encoding === "zstd" ? zlib.zstdCompressSync(bytes) : zlib.deflateRawSync(bytes, { level: DEFLATE_LEVEL }));
  },
  expand: (bytes, encoding, limit) => {
    if (encoding === "plain") return bytes;
    if (encoding === "zstd" && !hasZstd) return undefined;
    try {
      const options = { maxOutputLength: limit };
      return plainArray(encoding === "zstd" ? zlib.zstdDecompressSync(bytes, options) : zlib.inflateRawSync(bytes, options));
    } catch (error) {
      // Damaged or too long: the peer's fault, which the codec names. Anything else is ours.
      if (error instanceof Error && "code" in error) return undefined;
      throw new AppError("compression_failed", "A batch could not be unpacked.", { cause: error });
    }
  },
};
