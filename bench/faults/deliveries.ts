import type { Octokit } from "@octokit/rest";
import type { Random } from "../lib/random.ts";

interface Hook {
  readonly repo: string;
  readonly hook: number;
}

interface Delivery extends Hook {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly redelivery: boolean;
  readonly status: number;
}

/** The webhooks' deliveries as GitHub shows them. */
export class Deliveries {
  readonly #github: Octokit;
  readonly #owner: string;
  readonly #hooks: readonly Hook[];
  readonly #looked = new Set<string>();
  /** Events that were sent a second time on purpose. */
  doubled = 0;

  private constructor(github: Octokit, owner: string, hooks: readonly Hook[]) {
    this.#github = github;
    this.#owner = owner;
    this.#hooks = hooks;
  }

  /** The hooks tell of pushes alone from now on: check runs would be three more deliveries for each. */
  static async of(github: Octokit, owner: string, repositories: readonly string[]): Promise<Deliveries> {
    const hooks: Hook[] = [];
    for (const repo of repositories) {
      const [hook] = (await github.rest.repos.listWebhooks({ owner, repo })).data;
      if (hook === undefined) throw new Error(`${repo}: found no webhook`);
      await github.rest.repos.updateWebhook({ owner, repo, hook_id: hook.id, events: ["push"] });
      hooks.push({ repo, hook: hook.id });
    }
    return new Deliveries(github, owner, hooks);
  }

  /** The hooks tell of check runs, too: somebody may ask for a build again. */
  async tellAll(): Promise<void> {
    for (const { repo, hook } of this.#hooks) {
      const events = ["push", "check_run"];
      await this.#github.rest.repos.updateWebhook({ owner: this.#owner, repo, hook_id: hook, events });
    }
  }

  async pushes(): Promise<Delivery[]> {
    const listed = this.#hooks.map(async ({ repo, hook }) => {
      const data = await this.#github.paginate("GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries", {
        owner: this.#owner,
        repo,
        hook_id: hook,
        per_page: 100,
      });
      return data.map(({ id, guid, event, redelivery, status_code }) => {
        return { repo, hook, id: Number(id), guid, event, redelivery, status: status_code };
      });
    });
    return (await Promise.all(listed)).flat().filter(({ event }) => event === "push");
  }

  /** Sends one in ten of the events that were not looked at yet a second time. */
  async double(random: Random): Promise<void> {
    const fresh = (await this.pushes()).filter(({ guid }) => !this.#looked.has(guid)).reverse();
    for (const { repo, hook, id, guid } of fresh) {
      if (this.#looked.has(guid)) continue;
      this.#looked.add(guid);
      if (!random.happens(0.1)) continue;
      this.doubled += 1;
      await this.#github.request(
        "POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts",
        {
          owner: this.#owner,
          repo,
          hook_id: hook,
          delivery_id: id,
        },
      );
    }
  }
}

/** How often each answer was given, and how many events were accepted. */
export function countDeliveries(deliveries: readonly Delivery[]) {
  const answers: Record<string, number> = {};
  for (const { status } of deliveries) answers[status] = (answers[status] ?? 0) + 1;
  const isTaken = ({ status }: Delivery) => status >= 200 && status < 300;
  const events = new Set(deliveries.map(({ guid }) => guid));
  const accepted = new Set(deliveries.filter(isTaken).map(({ guid }) => guid));
  return { events: events.size, accepted: accepted.size, attempts: deliveries.length, answers };
}
