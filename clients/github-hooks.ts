import { splitFullName } from "../contracts/git.ts";
import type { GithubApp, GithubRequest } from "./github-app.ts";

/** One attempt to deliver an event. Several attempts of one event have one `guid`. */
export interface HookDelivery {
  /** A number, as text: GitHub's are beyond what JavaScript counts exactly. */
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  /** Milliseconds since the epoch. */
  readonly deliveredAt: number;
  /** What the receiver answered with; 0 and 5xx where it did not. */
  readonly statusCode: number;
}

const PAGE = 100;
/** GitHub keeps deliveries for three days; what is more than this in that time is looked at from the newest on. */
const MAX_PAGES = 100;

/** The webhooks of one repository, with the App's permission for them. Errors are Octokit's `RequestError`. */
export class GithubHooks {
  readonly #request: GithubRequest;
  readonly #at: { readonly owner: string; readonly repo: string };

  /** `fullName` is `owner/name`; `signal` ends calls early. */
  constructor(app: GithubApp, fullName: string, signal?: AbortSignal) {
    this.#request = app.request(fullName, { repository_hooks: "write" }, signal);
    this.#at = splitFullName(fullName);
  }

  /** The id of the webhook that delivers to `url`; undefined where there is none. */
  async find(url: string): Promise<number | undefined> {
    const { data } = await this.#request("GET /repos/{owner}/{repo}/hooks", { ...this.#at, per_page: PAGE });
    return data.find(({ config }) => config.url === url)?.id;
  }

  /** The attempts since a time, in milliseconds since the epoch; the newest first. */
  async deliveries(hook: number, since: number): Promise<HookDelivery[]> {
    const found: HookDelivery[] = [];
    let cursor: string | undefined;
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { data, headers } = await this.#request("GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries", {
        ...this.#at,
        hook_id: hook,
        per_page: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      const deliveries = data.map(
        ({ id, guid, event, delivered_at, status_code }): HookDelivery => ({
          id: String(id),
          guid,
          event,
          deliveredAt: Date.parse(delivered_at),
          statusCode: status_code,
        }),
      );
      found.push(...deliveries.filter(({ deliveredAt }) => deliveredAt >= since));
      cursor = nextCursor(headers.link);
      const last = deliveries.at(-1);
      if (cursor === undefined || last === undefined || last.deliveredAt < since) break;
    }
    return found;
  }

  /** Asks GitHub to deliver once more: it answers at once, the attempt follows. */
  async redeliver(hook: number, delivery: string): Promise<void> {
    // Octokit's type of this route takes a number.
    const route: string = `POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/${delivery}/attempts`;
    await this.#request(route, { ...this.#at, hook_id: hook });
  }
}

/** The cursor of the next page, from a `Link` header. */
function nextCursor(link: string | undefined): string | undefined {
  const [, url] = /<([^>]+)>;\s*rel="next"/.exec(link ?? "") ?? [];
  return url === undefined ? undefined : (new URL(url).searchParams.get("cursor") ?? undefined);
}
