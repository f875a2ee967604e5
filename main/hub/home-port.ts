/**
 * The ports where a desk's browser board is looked for: made from the device's id, so they are the same from one start to the next, also
 * after a restore, and a page that stayed open finds its host again. Nothing is kept anywhere: the first that is free is taken, and
 * whoever holds an earlier one is passed over in the same way each time. Pure.
 */
import { createHash } from "node:crypto";

/** Below what Linux, macOS and Windows hand out by themselves (32768 and 49152 upwards), above what is commonly registered. */
const FIRST_PORT = 20_000;
const PORTS = 12_000;
/** After so many that are taken, any free one. */
const TRIED = 8;

/** In the order in which they are tried. */
export const homePorts = (device: string): readonly number[] => {
  const digest = createHash("sha256").update(`board ${device}`).digest();
  return Array.from({ length: TRIED }, (_, turn) => FIRST_PORT + (digest.readUInt32BE(turn * 4) % PORTS));
};
