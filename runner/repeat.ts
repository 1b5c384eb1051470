import { setTimeout as delay } from "node:timers/promises";

/** Does something again and again, one at a time, until it is told to stop. */
export class Repeated {
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  /** `failed` is told of work that throws; the next time comes all the same. */
  constructor(everyMs: number, work: () => Promise<void>, failed: (error: unknown) => void) {
    this.#done = this.#loop(everyMs, work, failed);
  }

  async #loop(everyMs: number, work: () => Promise<void>, failed: (error: unknown) => void): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await work().catch(failed);
    }
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}
