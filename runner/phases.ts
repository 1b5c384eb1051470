import { cut } from "../clients/text.ts";
import { MAX_PROBLEMS } from "../contracts/manifest.ts";

export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** As many as a manifest takes. */
const MAX_PHASES = 1000;
const MAX_NAME = 200;
const MAX_PROBLEM = 500;

/** What the builder's output says of its course: `==> name`, `    name: 1.2 s`, `error: …` (builder/lib/common.sh). */
export class Course {
  readonly #phases: { name: string; seconds: number; startedAt: number; ended: boolean }[] = [];
  readonly #problems: string[] = [];

  /** `now` in milliseconds. */
  read(line: string, now: number): void {
    const begun = /^==> (.+)$/.exec(line)?.[1];
    if (begun !== undefined) {
      this.#end(now);
      if (this.#phases.length < MAX_PHASES)
        this.#phases.push({ name: cut(begun, MAX_NAME), seconds: 0, startedAt: now, ended: false });
      return;
    }
    const [, name, seconds] = /^ {4}(.+): (\d{1,7}\.\d) s$/.exec(line) ?? [];
    const current = this.#phases.at(-1);
    if (
      current !== undefined &&
      !current.ended &&
      name !== undefined &&
      cut(name, MAX_NAME) === current.name
    ) {
      current.seconds = Number(seconds);
      current.ended = true;
    }
    const problem = /^error: (.+)$/.exec(line)?.[1];
    if (problem !== undefined && this.#problems.length < MAX_PROBLEMS)
      this.#problems.push(cut(problem, MAX_PROBLEM));
  }

  /** The phase that is under way; undefined before the first and after the last. */
  get current(): string | undefined {
    const last = this.#phases.at(-1);
    return last === undefined || last.ended ? undefined : last.name;
  }

  /** What took how long, in order. */
  get phases(): readonly Phase[] {
    return this.#phases.map(({ name, seconds }) => ({ name, seconds }));
  }

  /** What the builder called an error, the first 20. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Nothing more will be read. */
  end(now: number): void {
    this.#end(now);
  }

  /** A phase that did not say how long it took. */
  #end(now: number): void {
    const last = this.#phases.at(-1);
    if (last === undefined || last.ended) return;
    last.seconds = Math.round((now - last.startedAt) / 100) / 10;
    last.ended = true;
  }
}
