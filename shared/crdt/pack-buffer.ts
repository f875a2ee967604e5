/**
 * Numbers as varints of six bits a byte (bit 6: more follow), or of seven where their length stands elsewhere: every byte is below 128, so SQLite can hand a packed blob out as
 * text, which costs a third of reading a blob.
 */

/** Longer than any number's bytes. */
const ROOM = 10;

/** Where numbers are packed: a buffer that grows and is used again. */
export class PackBuffer {
  bytes = new Uint8Array(4096);
  length = 0;
  /** What `packed` gave out, by length: making a view costs more than packing a record's stamps. */
  #views: Uint8Array[] = [];

  varint(start: number): void {
    this.#makeRoom();
    let value = start;
    while (value >= 64) {
      const rest = Math.floor(value / 64);
      this.bytes[this.length++] = 64 + value - rest * 64;
      value = rest;
    }
    this.bytes[this.length++] = value;
  }

  /** A number below 128^bytes in just so many bytes, the lowest first. */
  fixed(value: number, bytes: number): void {
    this.#makeRoom();
    let rest = value;
    for (let i = 0; i < bytes; i++) {
      const higher = Math.floor(rest / 128);
      this.bytes[this.length++] = rest - higher * 128;
      rest = higher;
    }
  }

  /** What is packed so far; good until more is. */
  packed(): Uint8Array {
    return (this.#views[this.length] ??= this.bytes.subarray(0, this.length));
  }

  #makeRoom(): void {
    if (this.length + ROOM <= this.bytes.length) return;
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
    this.#views = [];
  }

  zigzag(value: number): void {
    this.varint(value >= 0 ? value * 2 : -value * 2 - 1);
  }
}

/** Reads what a `PackBuffer` wrote. Reading past the end gives NaN, which no caller takes for a number of its own. */
export class PackReader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  varint(): number {
    let byte = this.text.charCodeAt(this.at++);
    if (byte < 64) return byte;
    let value = byte & 63;
    let scale = 64;
    do {
      byte = this.text.charCodeAt(this.at++);
      value += (byte & 63) * scale;
      scale *= 64;
    } while (byte >= 64);
    return value;
  }

  fixed(bytes: number): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < bytes; i++) {
      value += this.text.charCodeAt(this.at++) * scale;
      scale *= 128;
    }
    return value;
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
