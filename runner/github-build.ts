import { Readable } from "node:stream";
import type { Octokit } from "@octokit/rest";
import type { GithubApp } from "../clients/github.ts";
import type { BuildJob } from "../contracts/build-job.ts";
import { splitFullName } from "../contracts/git.ts";
import type { CheckText, Conclusion } from "./check-text.ts";
import { BuildFailure } from "./failure.ts";

/** What a runner may do on GitHub. */
export const RUNNER_PERMISSIONS = { checks: "write", contents: "read" } as const;

const REQUEST_MS = 30_000;

export type CheckState =
  | { readonly status: "queued" | "in_progress"; readonly startedAt?: Date }
  | { readonly status: "completed"; readonly conclusion: Conclusion; readonly completedAt: Date };

/** One build as GitHub sees it: its commit and its check run. */
export class GithubBuild {
  readonly #app: GithubApp;
  readonly #job: BuildJob;

  constructor(app: GithubApp, job: BuildJob) {
    this.#app = app;
    this.#job = job;
  }

  /** Sets the check run. The same again changes nothing. */
  async tell(state: CheckState, text: CheckText, detailsUrl: string): Promise<void> {
    const { owner, repo, octokit } = await this.#client();
    await octokit.rest.checks.update({
      owner,
      repo,
      check_run_id: this.#job.checkRun,
      status: state.status,
      details_url: detailsUrl,
      output: { ...text },
      ...(state.status === "completed"
        ? { conclusion: state.conclusion, completed_at: state.completedAt.toISOString() }
        : {}),
      ...(state.status !== "completed" && state.startedAt !== undefined
        ? { started_at: state.startedAt.toISOString() }
        : {}),
      request: { signal: AbortSignal.timeout(REQUEST_MS) },
    });
  }

  /** The committer's time in seconds since the epoch, as `git log --format=%ct` says. */
  async commitTime(): Promise<number> {
    const { owner, repo, octokit } = await this.#client();
    const { data } = await this.#found(
      octokit.rest.git.getCommit({
        owner,
        repo,
        commit_sha: this.#job.commit,
        request: { signal: AbortSignal.timeout(REQUEST_MS) },
      }),
    );
    const seconds = Date.parse(data.committer.date) / 1000;
    if (!Number.isInteger(seconds) || seconds < 0) {
      throw new BuildFailure(
        "repository",
        `the commit's time is ${data.committer.date}, expected one since 1970`,
      );
    }
    return seconds;
  }

  /** The commit's files, a gzipped tar. */
  async tarball(signal: AbortSignal): Promise<Readable> {
    const { owner, repo, octokit } = await this.#client();
    const { data } = await this.#found(
      octokit.request("GET /repos/{owner}/{repo}/tarball/{ref}", {
        owner,
        repo,
        ref: this.#job.commit,
        request: { parseSuccessResponseBody: false, signal },
      }),
    );
    if (!(data instanceof ReadableStream)) throw new Error("GitHub sent no archive");
    return Readable.fromWeb(data);
  }

  async #client(): Promise<{ owner: string; repo: string; octokit: Octokit }> {
    const octokit = await this.#app.repository(this.#job.repository);
    return { ...splitFullName(this.#job.repository), octokit };
  }

  /** A commit that GitHub does not have is nothing that another attempt would find. */
  async #found<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      const status = error instanceof Error && "status" in error ? error.status : undefined;
      if (status === 404 || status === 409 || status === 422) {
        const { commit, repository } = this.#job;
        throw new BuildFailure("repository", `GitHub has no commit ${commit} in ${repository}`);
      }
      throw error;
    }
  }
}
