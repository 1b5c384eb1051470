import { reasonOf } from "../clients/text.ts";
import { LOG_FILE } from "../contracts/build-key.ts";
import { runningText } from "./check-text.ts";
import type { BuildFailure } from "./failure.ts";
import { BuildLog, LineReader, LOG_LIMITS } from "./log.ts";
import { Course, type Phase } from "./phases.ts";
import { Repeated } from "./repeat.ts";
import type { Build } from "./tools.ts";

/** What may be put again at each look: a log is put whole, and the bucket keeps each version for a while. */
const BYTES_PER_LOOK = 256 * 1024;

/** A running build's log and phases, and who is told of them while it runs. */
export class Progress {
  readonly startedAt: Date;
  readonly #build: Build;
  readonly #log = new BuildLog();
  readonly #course = new Course();
  readonly #reader: LineReader;
  readonly #repeated: readonly Repeated[];
  #began = false;
  #ended = false;
  #told: string | undefined;
  #written = 0;
  /** Looks at the log until it may be put again: the longer it is, the rarer. */
  #waits = 0;

  constructor(build: Build, startedAt: Date) {
    this.#build = build;
    this.startedAt = startedAt;
    const { times, now } = build.tools;
    this.#reader = new LineReader(LOG_LIMITS.lineLength, (line) => {
      this.#log.add(line);
      this.#course.read(line, now().getTime());
    });
    const failed = (what: string) => (error: unknown) => build.step(what, { reason: reasonOf(error) });
    this.#repeated = [
      new Repeated(times.tellPhase, () => this.#tell(), failed("cannot tell the phase")),
      new Repeated(times.putLog, () => this.#put(), failed("cannot put the log")),
    ];
  }

  take(chunk: Buffer): void {
    if (!this.#began) this.#build.step("first line");
    this.#began = true;
    this.#reader.write(chunk);
  }

  /** The build's output is complete. */
  end(): void {
    this.#ended = true;
    this.#reader.end();
    this.#course.end(this.#build.tools.now().getTime());
  }

  /** Ends the log with what the runner says. */
  fail({ message, problems }: BuildFailure): void {
    const said = this.#course.problems;
    for (const problem of problems.filter((line) => !said.includes(line))) this.#log.add(`error: ${problem}`);
    this.#log.add(`runner: ${message}`);
  }

  get phases(): readonly Phase[] {
    return this.#course.phases;
  }

  get problems(): readonly string[] {
    return this.#course.problems;
  }

  log(): Buffer {
    return this.#log.bytes();
  }

  /** Nobody is told of anything any more. */
  async stop(): Promise<void> {
    await Promise.all(this.#repeated.map((repeated) => repeated.stop()));
  }

  async #tell(): Promise<void> {
    const phase = this.#ended ? "Keeping what was built" : this.#course.current;
    if (phase === this.#told) return;
    const { github, logUrl } = this.#build;
    await github.tell({ status: "in_progress" }, runningText(phase, logUrl), logUrl);
    this.#told = phase;
  }

  async #put(): Promise<void> {
    const { written } = this.#log;
    if (this.#waits > 0) this.#waits -= 1;
    if (written === this.#written || this.#waits > 0) return;
    const { size } = await this.#build.store.put(LOG_FILE, this.#log.bytes());
    this.#waits = Math.ceil(size / BYTES_PER_LOOK);
    this.#written = written;
  }
}
