import { Readable } from "node:stream";
import { type Header, type Pack, pack } from "tar-stream";

export type TarHeader = Partial<Header> & Pick<Header, "name">;

/** An archive that is written while somebody reads it, in constant memory. */
export class TarWriter {
  readonly #pack: Pack = pack();
  /** What the reader reads. */
  readonly readable: Readable = Readable.from(this.#pack);
  readonly #given: Promise<never>;
  #give: (error: Error) => void = () => undefined;

  constructor() {
    this.#given = new Promise((_, reject) => {
      this.#give = reject;
    });
    this.#given.catch(() => undefined);
  }

  /** Adds an entry and its content, which has the size that the header says. */
  async add(header: TarHeader, content?: AsyncIterable<unknown>): Promise<void> {
    let written: () => void = () => undefined;
    let failed: (error: Error) => void = () => undefined;
    const done = new Promise<void>((resolve, reject) => {
      written = resolve;
      failed = reject;
    });
    done.catch(() => undefined);
    const entry = this.#pack.entry(header, (error) => (error ? failed(error) : written()));
    // The callback tells of it; without a listener it would end the process.
    entry.on("error", () => undefined);
    if (content !== undefined) {
      for await (const chunk of content) {
        if (entry.write(chunk)) continue;
        await Promise.race([new Promise<void>((resolve) => entry.once("drain", resolve)), done, this.#given]);
      }
      entry.end(null);
    } else if (header.type === "file") {
      entry.end(null);
    }
    await Promise.race([done, this.#given]);
  }

  finish(): void {
    this.#pack.finalize();
  }

  /** Nothing more will be written or read: whoever waits gets the error. */
  give(error: Error): void {
    this.#give(error);
    this.#pack.destroy(error);
    this.readable.destroy(error);
  }
}

/**
 * Sends what `write` adds to an archive to `receive`, both at the same time. Rejects with the error of the one that
 * failed first.
 */
export async function sendTar(
  write: (tar: TarWriter) => Promise<void>,
  receive: (tar: Readable) => Promise<void>,
): Promise<void> {
  const tar = new TarWriter();
  tar.readable.on("error", () => undefined);
  let first: Error | undefined;
  const failed = (error: unknown) => {
    first ??= error instanceof Error ? error : new Error(String(error));
    tar.give(first);
  };
  const received = receive(tar.readable).catch(failed);
  await write(tar)
    .then(() => tar.finish())
    .catch(failed);
  await received;
  if (first !== undefined) throw first;
}
