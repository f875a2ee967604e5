/**
 * Numbers as varints of six bits a byte (bit 6: more follow), or of seven where their length stands elsewhere: every byte is below 128, so SQLite can hand a packed blob out as
 * text, which costs a third of reading a blob.
 */

/** Where numbers are packed: a buffer that grows and is used again. */
export class PackBuffer {
  bytes = new Uint8Array(4096);
  length = 0;

  varint(start: number): void {
    if (this.length + 10 > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    let value = start;
    while (value >= 64) {
      this.bytes[this.length++] = 64 + (value % 64);
      value = Math.floor(value / 64);
    }
    this.bytes[this.length++] = value;
  }

  /** A number below 128^bytes in just so many bytes, the lowest first. */
  fixed(value: number, bytes: number): void {
    let rest = value;
    for (let i = 0; i < bytes; i++) {
      this.varint(0);
      this.bytes[this.length - 1] = rest % 128;
      rest = Math.floor(rest / 128);
    }
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
