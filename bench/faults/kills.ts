import type { Random } from "../lib/random.ts";
import type { BenchFunctions } from "./functions.ts";
import type { BenchRunner } from "./runner.ts";

/**
 * Kills the runner or a function's process, without a word, again and again. How often goes by how many builds have
 * ended, not by time: on a slow machine no build would live to its end.
 */
export class Kills {
  readonly counts = { runner: 0, function: 0 };
  readonly #random: Random;
  readonly #every: number;
  readonly #runner: BenchRunner;
  readonly #functions: BenchFunctions;
  #next: number;

  /** `every` so many builds that ended, on average. */
  constructor(random: Random, every: number, runner: BenchRunner, functions: BenchFunctions) {
    this.#random = random;
    this.#every = every;
    this.#runner = runner;
    this.#functions = functions;
    this.#next = this.#gap();
  }

  /** Kills if it is time to: `ended` builds have ended by now. */
  look(ended: number): void {
    if (ended < this.#next) return;
    this.#next = ended + this.#gap();
    if (this.#random.happens(0.5)) {
      this.#runner.kill();
      this.counts.runner += 1;
      return;
    }
    const pid = this.#random.of(this.#functions.processes());
    if (pid === undefined) return;
    try {
      process.kill(pid, "SIGKILL");
      this.counts.function += 1;
    } catch {
      // It ended by itself just now.
    }
  }

  #gap(): number {
    return 1 + Math.floor(this.#random.next() * 2 * this.#every);
  }
}
