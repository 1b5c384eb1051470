import { RequestError } from "@octokit/request-error";
import { splitFullName } from "../contracts/git.ts";
import { type GithubApp, type GithubRequest, githubStatus, type Permissions } from "./github-app.ts";

/** What a check run says; a conclusion completes it. */
export interface CheckRunState {
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion?: "success" | "failure" | "cancelled" | "action_required";
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
}

export interface CheckRun {
  readonly id: number;
  readonly externalId: string;
  readonly status: string;
  readonly conclusion: string | null;
}

const NOT_FOUND = 404;
const FORBIDDEN = 403;
/** GitHub has no such commit. */
const UNPROCESSABLE = 422;
const PAGE = 100;

function fields({ status, conclusion, title, summary }: CheckRunState) {
  const completed = conclusion === undefined ? {} : { conclusion };
  return { status, ...completed, output: { title, summary } };
}

/** GitHub says "too much at once" with 403 too. */
function isRateLimit(error: unknown): boolean {
  const headers = error instanceof RequestError ? error.response?.headers : undefined;
  return headers?.["x-ratelimit-remaining"] === "0" || headers?.["retry-after"] !== undefined;
}

/** What the pipeline reads and writes of one repository. Errors are Octokit's `RequestError`. */
export class GithubRepository {
  readonly #request: GithubRequest;
  readonly #at: { readonly owner: string; readonly repo: string };

  /** `fullName` is `owner/name`; `signal` ends calls early. */
  constructor(app: GithubApp, fullName: string, permissions: Permissions, signal?: AbortSignal) {
    this.#request = app.request(fullName, permissions, signal);
    this.#at = splitFullName(fullName);
  }

  /** Resolves with the id. */
  async createCheckRun(
    check: { readonly name: string; readonly commit: string; readonly externalId: string },
    state: CheckRunState,
  ): Promise<number> {
    const { data } = await this.#request("POST /repos/{owner}/{repo}/check-runs", {
      ...this.#at,
      name: check.name,
      head_sha: check.commit,
      external_id: check.externalId,
      ...fields(state),
    });
    return Number(data.id);
  }

  async updateCheckRun(id: number, state: CheckRunState): Promise<void> {
    await this.#request("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
      ...this.#at,
      check_run_id: id,
      ...fields(state),
    });
  }

  /** All check runs of a name that the App made on a commit; none where GitHub has no such commit. */
  async checkRuns(commit: string, name: string, appId: number): Promise<CheckRun[]> {
    const found: CheckRun[] = [];
    for (let page = 1; ; page += 1) {
      const data = await this.#checkRunPage({ ref: commit, check_name: name, app_id: appId, page });
      for (const { id, external_id, status, conclusion, app } of data.check_runs) {
        if (app?.id !== appId) continue;
        found.push({ id: Number(id), externalId: external_id ?? "", status, conclusion });
      }
      if (page * PAGE >= data.total_count || data.check_runs.length === 0) return found;
    }
  }

  async #checkRunPage(wanted: { ref: string; check_name: string; app_id: number; page: number }) {
    try {
      const path = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";
      const all = { filter: "all", per_page: PAGE } as const;
      return (await this.#request(path, { ...this.#at, ...all, ...wanted })).data;
    } catch (error) {
      if (githubStatus(error) === UNPROCESSABLE) return { total_count: 0, check_runs: [] };
      throw error;
    }
  }

  /** Whether somebody may write to the repository; undefined where the App may not know. */
  async mayWrite(login: string): Promise<boolean | undefined> {
    try {
      const { data } = await this.#request("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
        ...this.#at,
        username: login,
      });
      return data.permission === "admin" || data.permission === "write";
    } catch (error) {
      if (githubStatus(error) === NOT_FOUND) return false;
      if (githubStatus(error) === FORBIDDEN && !isRateLimit(error)) return undefined;
      throw error;
    }
  }

  /** The commit that a pull request would merge now. */
  async pullRequestHead(number: number): Promise<string> {
    const { data } = await this.#request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
      ...this.#at,
      pull_number: number,
    });
    return data.head.sha;
  }

  /** Takes a label off a pull request; one that is not there is fine. */
  async removeLabel(number: number, name: string): Promise<void> {
    try {
      await this.#request("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", {
        ...this.#at,
        issue_number: number,
        name,
      });
    } catch (error) {
      if (githubStatus(error) !== NOT_FOUND) throw error;
    }
  }
}
