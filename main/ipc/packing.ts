/**
 * MessagePack of the contract's frames: plain maps, no records of the library's own, so that any MessagePack reader can follow.
 * Reading throws on garbage; whoever reads frames closes the connection then.
 */
import { Packr } from "msgpackr";

const packr = new Packr({ useRecords: false });

export const pack = (value: unknown): Uint8Array => packr.pack(value);
export const unpack = (bytes: Uint8Array): unknown => packr.unpack(bytes);
