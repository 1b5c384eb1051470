import { StringDecoder } from "node:string_decoder";
import { visible } from "../clients/text.ts";

export interface LogLimits {
  /** Bytes that are kept of the beginning, and as many of the end. */
  readonly keptBytes: number;
  /** Characters that are kept of one line. */
  readonly lineLength: number;
}

export const LOG_LIMITS: LogLimits = { keptBytes: 8 * 1024 * 1024, lineLength: 4000 };

/** Splits what a program writes into lines that can be shown; one without an end takes no more memory than another. */
export class LineReader {
  readonly #decoder = new StringDecoder("utf8");
  readonly #lineLength: number;
  readonly #take: (line: string) => void;
  #partial = "";
  #returned = false;
  /** Characters of the open line that were not kept. */
  #cut = 0;

  constructor(lineLength: number, take: (line: string) => void) {
    this.#lineLength = lineLength;
    this.#take = take;
  }

  write(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    // The line ended with the chunk before.
    const rest = this.#returned && text.startsWith("\n") ? text.slice(1) : text;
    if (text !== "") this.#returned = text.endsWith("\r");
    const lines = rest.split(/\r?\n|\r/);
    const last = lines.pop() ?? "";
    for (const line of lines) {
      this.#append(line);
      this.#finish();
    }
    this.#append(last);
  }

  end(): void {
    this.#append(this.#decoder.end());
    if (this.#partial !== "") this.#finish();
  }

  #append(text: string): void {
    const room = Math.max(0, this.#lineLength - this.#partial.length);
    this.#partial += text.slice(0, room);
    this.#cut += Math.max(0, text.length - room);
  }

  #finish(): void {
    const rest = this.#cut > 0 ? ` … (${this.#cut} more characters)` : "";
    const line = visible(this.#partial) + rest;
    this.#partial = "";
    this.#cut = 0;
    this.#take(line);
  }
}

/** What a build says: beginning and end are kept, however much there is between them. */
export class BuildLog {
  readonly #limits: LogLimits;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  /** A ring: `#tailBytes` were written to it since the head was full, the last of them are in it. */
  #tail: Buffer | undefined;
  #tailBytes = 0;

  constructor(limits: LogLimits = LOG_LIMITS) {
    this.#limits = limits;
  }

  /** Bytes that were written so far. */
  get written(): number {
    return this.#headBytes + this.#tailBytes;
  }

  /** Adds a line that was made visible. */
  add(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#tail === undefined && this.#headBytes + bytes.length <= this.#limits.keptBytes) {
      this.#head.push(bytes);
      this.#headBytes += bytes.length;
      // Many small buffers take far more than their bytes.
      if (this.#head.length >= 4096) this.#head.splice(0, this.#head.length, Buffer.concat(this.#head));
      return;
    }
    this.#tail ??= Buffer.alloc(this.#limits.keptBytes);
    const size = this.#tail.length;
    const kept = bytes.subarray(Math.max(0, bytes.length - size));
    const at = (this.#tailBytes + bytes.length - kept.length) % size;
    const first = kept.copy(this.#tail, at);
    kept.copy(this.#tail, 0, first);
    this.#tailBytes += bytes.length;
  }

  /** All that is kept, with a line where something is missing. */
  bytes(): Buffer {
    const head = Buffer.concat(this.#head);
    if (this.#tail === undefined) return head;
    const size = this.#tail.length;
    if (this.#tailBytes <= size) return Buffer.concat([head, this.#tail.subarray(0, this.#tailBytes)]);
    const at = this.#tailBytes % size;
    const ring = Buffer.concat([this.#tail.subarray(at), this.#tail.subarray(0, at)]);
    // It begins somewhere in a line.
    const tail = ring.subarray(ring.indexOf("\n") + 1);
    const missing = this.#tailBytes - tail.length;
    return Buffer.concat([head, Buffer.from(`\n[… ${missing} bytes left out …]\n\n`), tail]);
  }
}
