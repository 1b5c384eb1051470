import type { Octokit } from "@octokit/rest";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import { RELEASED } from "./play.ts";

/** What was pushed. */
export interface Pushed {
  readonly repo: string;
  readonly commit: string;
  /** `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string;
}

/** The check runs that tell of builds, on one commit. */
export interface CommitChecks {
  readonly commit: string;
  readonly runs: readonly { readonly externalId: string; readonly state: string }[];
}

/** What is wrong with the check runs of one commit; nothing where each build ended in exactly one. */
export function checkProblems({ commit, runs }: CommitChecks, expected: readonly string[]): string[] {
  const problems = runs
    .filter(({ state }) => state === "queued" || state === "in_progress" || state === "action_required")
    .map(({ externalId, state }) => `${externalId}: ${state}`);
  const ids = runs.map(({ externalId }) => externalId);
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  problems.push(...[...twice].map((id) => `${id}: more than one check run`));
  for (const key of expected) {
    if (!ids.some((id) => id.startsWith(`${key}#`))) problems.push(`${key}: no check run on ${commit}`);
  }
  return problems;
}

/** The build key of a push. */
export function keyOf({ repo, commit, ref }: Pushed): string {
  return ref.startsWith("refs/tags/")
    ? `releases/${repo}/${ref.slice("refs/tags/".length)}`
    : `builds/${repo}/${commit}`;
}

export async function checksOf(
  github: Octokit,
  owner: string,
  repo: string,
  commit: string,
): Promise<CommitChecks> {
  const runs = await github.paginate("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
    owner,
    repo,
    ref: commit,
    check_name: BUILD_CHECK,
    filter: "all",
    per_page: 100,
  });
  return {
    commit,
    runs: runs.map(({ external_id, status, conclusion }) => ({
      externalId: external_id ?? "",
      state: status === "completed" ? (conclusion ?? "none") : status,
    })),
  };
}

/** What is wrong with the releases of a repository; nothing where each tag has exactly one, and that is complete. */
export async function releaseProblems(
  github: Octokit,
  owner: string,
  repo: string,
  tags: readonly string[],
): Promise<string[]> {
  const releases = await github.paginate("GET /repos/{owner}/{repo}/releases", {
    owner,
    repo,
    per_page: 100,
  });
  return tags.flatMap((tag) => {
    const [release, ...more] = releases.filter(({ tag_name }) => tag_name === tag);
    if (release === undefined) return [`${repo} ${tag}: no release`];
    if (more.length > 0) return [`${repo} ${tag}: ${more.length + 1} releases`];
    if (release.draft) return [`${repo} ${tag}: a draft`];
    const whole = release.assets.filter(({ state, size }) => state === "uploaded" && size > 0);
    const missing = RELEASED.filter((wanted) => !whole.some(({ name }) => name === wanted));
    const wrecks = release.assets.length - whole.length;
    return missing.length + wrecks === 0
      ? []
      : [`${repo} ${tag}: ${wrecks} wrecks, missing: ${missing.join(", ") || "nothing"}`];
  });
}
