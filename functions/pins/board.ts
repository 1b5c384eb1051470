import { RequestError } from "@octokit/request-error";
import { type GithubApp, type GithubRequest, githubStatus } from "../../clients/github-app.ts";
import { splitFullName } from "../../contracts/git.ts";
import { PINS_LABEL } from "../../contracts/labels.ts";
import { DEFAULT_BRANCH } from "../../contracts/names.ts";
import { VERSIONS_FILE } from "../../contracts/versions.ts";
import type { Branch } from "./branch.ts";

/** What a token for a board's repository may do. */
export const BOARD_PERMISSIONS = { contents: "write", pull_requests: "write", checks: "write" } as const;

export interface Pull {
  readonly number: number;
  readonly open: boolean;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

/** The newest commit of the default branch. */
export interface Head {
  readonly commit: string;
  readonly tree: string;
}

/** A plain file; undefined for a link, a folder, or nothing. */
export type File = { readonly mode: "100644" | "100755"; readonly content: Buffer } | undefined;

/** The largest `versions.json` that is read, in bytes: what the builder reads. */
const MAX_BYTES = 1024 * 1024;
const NOT_FOUND = 404;
/** How GitHub says that a repository has no commit. */
const EMPTY = 409;
const UNPROCESSABLE = 422;
const PAGE = 100;

/** GitHub gives no token for a repository that is not there, or that the App is not installed on. */
function isUnreachable(error: unknown): boolean {
  if (githubStatus(error) === NOT_FOUND) return true;
  return (
    error instanceof RequestError &&
    error.status === UNPROCESSABLE &&
    error.request.url.endsWith("/access_tokens") &&
    /repositor(y|ies).* accessible/i.test(error.message)
  );
}

/** A board's repository, as far as pins concern it. Errors are Octokit's `RequestError`. */
export class Board {
  readonly #request: GithubRequest;
  readonly #at: { readonly owner: string; readonly repo: string };

  constructor(app: GithubApp, fullName: string, signal: AbortSignal) {
    this.#request = app.request(fullName, BOARD_PERMISSIONS, signal);
    this.#at = splitFullName(fullName);
  }

  /** Why nothing can be proposed there; undefined where it can. */
  async closedBecause(): Promise<"missing" | "archived" | undefined> {
    try {
      const { data } = await this.#request("GET /repos/{owner}/{repo}", this.#at);
      return data.archived ? "archived" : undefined;
    } catch (error) {
      if (isUnreachable(error)) return "missing";
      throw error;
    }
  }

  /** Undefined where there is no commit yet. */
  async head(): Promise<Head | undefined> {
    const commit = await this.#tip(DEFAULT_BRANCH);
    if (commit === undefined) return undefined;
    const { data } = await this.#request("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", {
      ...this.#at,
      commit_sha: commit,
    });
    return { commit, tree: data.tree.sha };
  }

  async versions({ tree }: Head): Promise<File> {
    const { data } = await this.#request("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", {
      ...this.#at,
      tree_sha: tree,
    });
    const entry = data.tree.find(({ path }) => path === VERSIONS_FILE);
    const { mode, sha, size = 0 } = entry ?? {};
    if (sha === undefined || size > MAX_BYTES || (mode !== "100644" && mode !== "100755")) return undefined;
    const blob = await this.#request("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", {
      ...this.#at,
      file_sha: sha,
    });
    return { mode, content: Buffer.from(blob.data.content, "base64") };
  }

  async branch(name: string, { commit }: Head): Promise<Branch | undefined> {
    const tip = await this.#tip(name);
    if (tip === undefined) return undefined;
    const { data } = await this.#request("GET /repos/{owner}/{repo}/compare/{basehead}", {
      ...this.#at,
      basehead: `${commit}...${tip}`,
    });
    const { total_commits: total, behind_by: behind, commits, files = [] } = data;
    return {
      tip,
      difference: {
        total,
        behind,
        commits: commits.map(({ commit: { author, committer }, parents }) => ({
          authorEmail: author?.email ?? "",
          committerEmail: committer?.email ?? "",
          parents: parents.length,
        })),
        files: files.map(({ filename, sha }) => ({ path: filename, blob: sha ?? "" })),
      },
    };
  }

  /** The pull requests from a branch of this repository, the newest first. */
  async pulls(branch: string): Promise<Pull[]> {
    const { data } = await this.#request("GET /repos/{owner}/{repo}/pulls", {
      ...this.#at,
      head: `${this.#at.owner}:${branch}`,
      base: DEFAULT_BRANCH,
      state: "all",
      sort: "created",
      direction: "desc",
      per_page: PAGE,
    });
    return data
      .filter(({ head }) => head.ref === branch)
      .map(({ number, state, title, body, labels }) => ({
        number,
        open: state === "open",
        title,
        body: body ?? "",
        labels: labels.map(({ name }) => name),
      }));
  }

  /** A commit of the files of `head` with another `versions.json`; resolves with its id. Nothing points to it yet. */
  async commit(
    { tree }: Head,
    file: { readonly mode: "100644" | "100755"; readonly text: string },
    parents: readonly string[],
    message: string,
  ): Promise<string> {
    const made = await this.#request("POST /repos/{owner}/{repo}/git/trees", {
      ...this.#at,
      base_tree: tree,
      tree: [{ path: VERSIONS_FILE, mode: file.mode, type: "blob", content: file.text }],
    });
    // Without an author it is the App's, and signed by GitHub.
    const { data } = await this.#request("POST /repos/{owner}/{repo}/git/commits", {
      ...this.#at,
      message,
      tree: made.data.sha,
      parents: [...parents],
    });
    return data.sha;
  }

  /** Makes a branch, or moves one on. GitHub refuses with 422 where somebody did so in the meantime. */
  async point(name: string, commit: string, known: Pick<Branch, "tip"> | undefined): Promise<void> {
    if (known === undefined) {
      await this.#request("POST /repos/{owner}/{repo}/git/refs", {
        ...this.#at,
        ref: `refs/heads/${name}`,
        sha: commit,
      });
      return;
    }
    await this.#request("PATCH /repos/{owner}/{repo}/git/refs/{ref}", {
      ...this.#at,
      ref: `heads/${name}`,
      sha: commit,
      force: false,
    });
  }

  async open(branch: string, text: { readonly title: string; readonly body: string }): Promise<number> {
    const { data } = await this.#request("POST /repos/{owner}/{repo}/pulls", {
      ...this.#at,
      ...text,
      head: branch,
      base: DEFAULT_BRANCH,
    });
    return data.number;
  }

  async describe(pull: number, text: { readonly title: string; readonly body: string }): Promise<void> {
    await this.#request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", {
      ...this.#at,
      ...text,
      pull_number: pull,
    });
  }

  async label(pull: number): Promise<void> {
    await this.#request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
      ...this.#at,
      issue_number: pull,
      labels: [PINS_LABEL],
    });
  }

  /** Comments unless a comment has this mark already. */
  async commentOnce(pull: number, text: string, mark: string): Promise<void> {
    const at = { ...this.#at, issue_number: pull };
    for (let page = 1; ; page += 1) {
      const { data } = await this.#request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
        ...at,
        per_page: PAGE,
        page,
      });
      if (data.some(({ body }) => body?.includes(mark))) return;
      if (data.length < PAGE) break;
    }
    await this.#request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { ...at, body: text });
  }

  async #tip(branch: string): Promise<string | undefined> {
    try {
      const at = { ...this.#at, ref: `heads/${branch}` };
      return (await this.#request("GET /repos/{owner}/{repo}/git/ref/{ref}", at)).data.object.sha;
    } catch (error) {
      if ([NOT_FOUND, EMPTY].includes(githubStatus(error) ?? 0)) return undefined;
      throw error;
    }
  }
}
