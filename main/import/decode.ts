/**
 * The bytes of a file as text: UTF-8, UTF-16 by its byte order mark, else Windows-1252, which every byte is. What is no text at
 * all (a workbook, an image) is refused with what to do instead.
 */
import { AppError } from "../../shared/errors.ts";

export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface DecodedFile {
  readonly text: string;
  readonly encoding: Encoding;
}

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean => mark.every((byte, index) => bytes[index] === byte);

/** An encoding as people write it (`UTF8`, `cp1252`, `ANSI`), or undefined when it is none of ours. */
export const parseEncoding = (name: string): Encoding | undefined => {
  switch (name.toLowerCase().replaceAll(/[\s_-]/g, "")) {
    case "utf8":
    case "utf8bom":
    case "ascii":
      return "utf-8";
    case "utf16":
    case "utf16le":
    case "unicode":
      return "utf-16le";
    case "utf16be":
      return "utf-16be";
    case "windows1252":
    case "cp1252":
    case "ansi":
    case "latin1":
    case "iso88591":
      return "windows-1252";
    default:
      return undefined;
  }
};

/** `wanted`: the map's encoding, tried as it is; without it the bytes tell. Throws `bad_map`, `not_text`, `empty_file`. */
export const decodeFile = (bytes: Uint8Array, wanted?: string): DecodedFile => {
  if (bytes.length === 0) throw new AppError("empty_file", "The file is empty. There is nothing to import.");
  if (startsWith(bytes, ZIP))
    throw new AppError("not_text", "This is a workbook or an archive, not a CSV file. Save the sheet as CSV and import that.");
  const encoding = wanted === undefined ? detectEncoding(bytes) : parseEncoding(wanted);
  if (encoding === undefined)
    throw new AppError("bad_map", `The map cannot be used: there is no encoding “${wanted}”. There are ${ENCODINGS.join(", ")}.`);
  const text = decodeAs(bytes, encoding);
  if (text === undefined)
    throw new AppError("bad_map", `The file is not written in ${encoding}. Leave the encoding out of the map, and it is found.`);
  if (text.slice(0, 65_536).includes("\0"))
    throw new AppError("not_text", "This is not a text file. Save the list as CSV and import that.");
  return { text, encoding };
};

const detectEncoding = (bytes: Uint8Array): Encoding => {
  if (startsWith(bytes, [0xff, 0xfe])) return "utf-16le";
  if (startsWith(bytes, [0xfe, 0xff])) return "utf-16be";
  return decodeAs(bytes, "utf-8") === undefined ? "windows-1252" : "utf-8";
};

/** Without a byte order mark; undefined where the bytes are not of that encoding. */
const decodeAs = (bytes: Uint8Array, encoding: Encoding): string | undefined => {
  try {
    if (encoding === "utf-16be") return new TextDecoder("utf-16le", { fatal: true }).decode(swapped(bytes));
    return new TextDecoder(encoding, { fatal: encoding !== "windows-1252" }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined; // the decoder met bytes that the encoding does not have
    throw error;
  }
};

const swapped = (bytes: Uint8Array): Uint8Array => {
  const copy = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return copy.swap16();
};
