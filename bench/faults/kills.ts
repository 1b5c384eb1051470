import type { Random } from "../lib/random.ts";
import type { BenchFunctions } from "./functions.ts";
import type { BenchRunner } from "./runner.ts";

/** Kills the runner or a function's process now and then, without a word, until it is stopped. */
export class Kills {
  readonly counts = { runner: 0, function: 0 };
  readonly #timer: NodeJS.Timeout;

  constructor(random: Random, everyMs: number, runner: BenchRunner, functions: BenchFunctions) {
    this.#timer = setInterval(() => {
      if (random.happens(0.5)) {
        runner.kill();
        this.counts.runner += 1;
        return;
      }
      const pid = random.of(functions.processes());
      if (pid === undefined) return;
      try {
        process.kill(pid, "SIGKILL");
        this.counts.function += 1;
      } catch {
        // It ended by itself just now.
      }
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
