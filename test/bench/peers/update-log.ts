/** A file of length-led byte strings, each synced before it counts: how a peer that only makes updates keeps them. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";

const LENGTH_BYTES = 4;

const framed = (update: Uint8Array): Buffer => {
  const out = Buffer.allocUnsafe(LENGTH_BYTES + update.length);
  out.writeUInt32LE(update.length);
  out.set(update, LENGTH_BYTES);
  return out;
};

export class UpdateLog {
  readonly #file: string;
  #handle: number;

  constructor(file: string) {
    this.#file = file;
    this.#handle = openSync(file, "a");
  }

  /** What was appended, in order. */
  static read(file: string): readonly Uint8Array[] {
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    const updates: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
      updates.push(bytes.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    return updates;
  }

  append(update: Uint8Array): void {
    writeSync(this.#handle, framed(update));
    fsyncSync(this.#handle);
  }

  /** Only this remains. */
  replace(update: Uint8Array): void {
    const draft = `${this.#file}.new`;
    const handle = openSync(draft, "w");
    writeSync(handle, framed(update));
    fsyncSync(handle);
    closeSync(handle);
    closeSync(this.#handle);
    renameSync(draft, this.#file);
    this.#handle = openSync(this.#file, "a");
  }

  close(): void {
    closeSync(this.#handle);
  }
}
