import { Readable } from "node:stream";
import { GithubApp, type GithubRequest, githubStatus } from "../clients/github-app.ts";
import type { BuildJob } from "../contracts/build-job.ts";
import { splitFullName } from "../contracts/git.ts";
import type { GithubAccess } from "../contracts/runner-settings.ts";
import type { CheckText, Conclusion } from "./check-text.ts";
import { BuildFailure } from "./failure.ts";

/** What a runner may do on GitHub. */
const PERMISSIONS = { checks: "write", contents: "read" } as const;

const CALL_MS = 20_000;
/** A repository's archive, at the pace of the daemon that it is sent on to. */
const ARCHIVE_MS = 15 * 60_000;

/** The App, as a runner acts on GitHub. */
export class RunnerApp {
  readonly #access: GithubAccess;
  readonly #readKey: (secret: string) => Promise<string>;
  readonly #apps = new Map<string, GithubApp>();

  /** `readKey` resolves with the App's private key, PEM, by the secret's name. */
  constructor(access: GithubAccess, readKey: (secret: string) => Promise<string>) {
    this.#access = access;
    this.#readKey = readKey;
  }

  /** A call may take `timeoutMs`, its answer's content included. */
  request(repository: string, timeoutMs: number, signal?: AbortSignal): GithubRequest {
    const { owner } = splitFullName(repository);
    const key = `${owner} ${timeoutMs}`;
    const app =
      this.#apps.get(key) ??
      new GithubApp({
        access: this.#access,
        organization: owner,
        privateKey: () => this.#readKey(this.#access.privateKeySecret),
        timeoutMs,
      });
    this.#apps.set(key, app);
    return app.request(repository, PERMISSIONS, signal);
  }
}

export type CheckState =
  | { readonly status: "queued" | "in_progress"; readonly startedAt?: Date }
  | { readonly status: "completed"; readonly conclusion: Conclusion; readonly completedAt: Date };

/** One build as GitHub sees it: its commit and its check run. */
export class GithubBuild {
  readonly #app: RunnerApp;
  readonly #job: BuildJob;
  readonly #at: { readonly owner: string; readonly repo: string };

  constructor(app: RunnerApp, job: BuildJob) {
    this.#app = app;
    this.#job = job;
    this.#at = splitFullName(job.repository);
  }

  /** Sets the check run. The same again changes nothing. */
  async tell(state: CheckState, text: CheckText, detailsUrl: string): Promise<void> {
    const { repository, checkRun } = this.#job;
    await this.#app.request(repository, CALL_MS)("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", {
      ...this.#at,
      check_run_id: checkRun,
      status: state.status,
      details_url: detailsUrl,
      output: { ...text },
      ...(state.status === "completed"
        ? { conclusion: state.conclusion, completed_at: state.completedAt.toISOString() }
        : {}),
      ...(state.status !== "completed" && state.startedAt !== undefined
        ? { started_at: state.startedAt.toISOString() }
        : {}),
    });
  }

  /** The committer's time in seconds since the epoch, as `git log --format=%ct` says. */
  async commitTime(signal: AbortSignal): Promise<number> {
    const { repository, commit } = this.#job;
    const request = this.#app.request(repository, CALL_MS, signal);
    const { data } = await this.#found(
      request("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", { ...this.#at, commit_sha: commit }),
    );
    const seconds = Math.floor(Date.parse(data.committer.date) / 1000);
    if (!(seconds >= 0)) {
      throw new BuildFailure(
        "repository",
        `the commit's time is ${data.committer.date}, expected one since 1970`,
      );
    }
    return seconds;
  }

  /** The commit's files, a gzipped tar. */
  async tarball(signal: AbortSignal): Promise<Readable> {
    const { repository, commit } = this.#job;
    const request = this.#app.request(repository, ARCHIVE_MS, signal);
    const { data } = await this.#found(
      request("GET /repos/{owner}/{repo}/tarball/{ref}", {
        ...this.#at,
        ref: commit,
        request: { parseSuccessResponseBody: false },
      }),
    );
    if (!(data instanceof ReadableStream)) throw new Error("GitHub sent no archive");
    return Readable.fromWeb(data);
  }

  /** A commit that GitHub does not have is nothing that another attempt would find. */
  async #found<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      if (![404, 409, 422].includes(githubStatus(error) ?? 0)) throw error;
      const { commit, repository } = this.#job;
      throw new BuildFailure("repository", `GitHub has no commit ${commit} in ${repository}`);
    }
  }
}
