import { Clone } from "../../tests/support/clone.ts";
import type { TestStack } from "../../tests/support/test-stack.ts";
import type { Random } from "../lib/random.ts";
import type { Pushed } from "./outcome.ts";
import { BAD_PLAY, GOOD_PLAY } from "./play.ts";

/** More tags in one push send no events. */
const TAGS_AT_ONCE = 3;

interface Plan {
  /** Of all pushes: tags, pushes to a few branches that others push to as well, builds that fail. */
  readonly tags: number;
  readonly shared: number;
  readonly failing: number;
}

const PLAN: Plan = { tags: 0.1, shared: 0.3, failing: 0.1 };

/** Makes commits in clones of the repositories and pushes them, some at a time, each to a ref of its own. */
export class Pushes {
  readonly pushed: Pushed[] = [];
  readonly #clones: readonly (readonly [string, Clone])[];
  readonly #random: Random;
  #shared = 0;

  private constructor(clones: readonly (readonly [string, Clone])[], random: Random) {
    this.#clones = clones;
    this.#random = random;
  }

  static async into(stack: TestStack, repositories: readonly string[], random: Random): Promise<Pushes> {
    const clones: (readonly [string, Clone])[] = [];
    for (const repo of repositories) clones.push([repo, await Clone.of(stack, repo)]);
    return new Pushes(clones, random);
  }

  /** Pushes `count` commits. Each is one delivery. */
  async push(count: number): Promise<void> {
    const [repo, clone] = this.#random.of(this.#clones) ?? [];
    if (repo === undefined || clone === undefined) throw new Error("there is no repository to push to");
    const refs: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const number = this.pushed.length + 1;
      const tags = refs.filter((ref) => ref.includes(":refs/tags/")).length;
      const isTag = tags < TAGS_AT_ONCE && this.#random.happens(PLAN.tags);
      const play = !isTag && this.#random.happens(PLAN.failing) ? BAD_PLAY : GOOD_PLAY;
      const commit = await clone.commit(`Push ${number}`, { play, number: String(number) });
      const ref = isTag ? `refs/tags/v1.0.${number}` : this.#branch(number, refs);
      this.pushed.push({ repo, commit, ref });
      refs.push(`${commit}:${ref}`);
    }
    await clone.git("push", "--quiet", "--force", "origin", ...refs);
  }

  /** One push moves a branch once. */
  #branch(number: number, refs: readonly string[]): string {
    if (this.#random.happens(PLAN.shared)) {
      this.#shared += 1;
      const ref = `refs/heads/shared-${this.#shared % 7}`;
      if (!refs.some((other) => other.endsWith(`:${ref}`))) return ref;
    }
    return `refs/heads/push-${number}`;
  }
}
