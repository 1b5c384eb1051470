import { setTimeout as delay } from "node:timers/promises";
import { reasonOf } from "../clients/text.ts";
import type { Architecture } from "../contracts/architecture.ts";
import { handle } from "./handle.ts";
import type { BuildQueue, Message } from "./queue.ts";
import type { Tools } from "./tools.ts";

/** A stopping agent waits for it, so that it is well below the time that its container has to stop. */
const LONG_WAIT_SECONDS = 10;
/** While there are fewer free slots than queues, one slot looks at several: none of them may wait long. */
const SHORT_WAIT_SECONDS = 1;
const AFTER_FAILURE_MS = 5_000;

/** What a slot works on. */
export interface Working {
  readonly architecture: Architecture;
  readonly since: string;
}

/** Drains queues with some slots: a slot takes one message, works on it, and looks for the next. */
export class Agent {
  readonly #tools: Tools;
  /** The one that was not looked at for the longest time comes first. */
  readonly #queues: BuildQueue[];
  readonly #working = new Set<Working>();
  /** What is asked of queues now. */
  readonly #asked = new Set<Promise<unknown>>();

  constructor(tools: Tools, queues: readonly BuildQueue[]) {
    this.#tools = tools;
    this.#queues = [...queues];
  }

  get working(): readonly Working[] {
    return [...this.#working];
  }

  /** Resolves when it was told to stop and every job is given back. */
  async run(stop: AbortSignal): Promise<void> {
    const { slots } = this.#tools.settings;
    await Promise.all(Array.from({ length: slots }, () => this.#slot(stop)));
  }

  async #slot(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const queue = this.#next();
      const message = await this.#receive(queue, stop);
      if (message === undefined) continue;
      if (stop.aborted) {
        await this.#giveBack(queue, message);
        return;
      }
      const working = { architecture: queue.architecture, since: this.#tools.now().toISOString() };
      this.#working.add(working);
      await handle(this.#tools, queue, message, stop, () => this.#allAnswered());
      this.#working.delete(working);
    }
  }

  /** It came when the agent was told to stop already. */
  async #giveBack(queue: BuildQueue, message: Message): Promise<void> {
    await this.#allAnswered();
    await queue
      .keep(message, 0)
      .catch((error: unknown) =>
        this.#tools.log({ message: "cannot give a job back", reason: reasonOf(error) }),
      );
  }

  #next(): BuildQueue {
    const queue = this.#queues.shift();
    if (queue === undefined) throw new Error("queues: found none, expected at least one");
    this.#queues.push(queue);
    return queue;
  }

  async #receive(queue: BuildQueue, stop: AbortSignal): Promise<Message | undefined> {
    const { settings, times, log } = this.#tools;
    const free = settings.slots - this.#working.size;
    const wait = free >= this.#queues.length ? LONG_WAIT_SECONDS : SHORT_WAIT_SECONDS;
    const asked = queue.receive(wait, times.visibilitySeconds);
    this.#asked.add(asked);
    try {
      return await asked;
    } catch (error) {
      log({ message: "cannot receive", queue: queue.architecture, reason: reasonOf(error) });
      await delay(AFTER_FAILURE_MS, undefined, { signal: stop }).catch(() => undefined);
      return undefined;
    } finally {
      this.#asked.delete(asked);
    }
  }

  /** What is given back before would be handed to this very agent. Nothing is asked after it is told to stop. */
  async #allAnswered(): Promise<void> {
    await Promise.allSettled(this.#asked);
  }
}
