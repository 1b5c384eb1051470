import type { Identity } from "./auth.ts";
import type { Front } from "./front.ts";
import { compare, mergeTree } from "./git/compare.ts";
import { copyObjects } from "./git/copy.ts";
import { git } from "./git/run.ts";
import type { PullRequest, Ref, Repository } from "./host/rows.ts";
import { actingUser } from "./push.ts";
import { showRepository, showUser } from "./show.ts";

type Parts = Omit<Front, "description">;

/** Sends a `pull_request` event with the pull request as the API shows it now. */
export async function emitPullRequest(
  front: Parts,
  action: string,
  pull: PullRequest,
  identity: Identity | undefined,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { db, sender, baseUrl } = front;
  const repository = db.repositories.get(pull.repo_id);
  if (repository === undefined) return;
  const path = `/repos/${repository.full_name}/pulls/${pull.number}`;
  const payload = {
    action,
    number: pull.number,
    pull_request: await front.look(path),
    repository: showRepository(db, identity, repository, baseUrl),
    sender: showUser(actingUser(db, identity), baseUrl),
    ...extra,
  };
  sender.emit("pull_request", action, payload, repository.full_name.split("/")[0] ?? "", repository);
}

export function branchTip({ db }: Parts, repository: number, name: string): Ref | undefined {
  return db.refs.findBy("repo_id", repository).find(({ ref }) => ref === `refs/heads/${name}`);
}

/**
 * Brings a pull request's head into the base repository as `refs/pull/<number>/head`, as GitHub does, and counts
 * what it changes. Runners fetch that ref, and a merge needs no other repository.
 */
export async function refreshPullRequest(front: Parts, pull: PullRequest): Promise<PullRequest> {
  const { db, directoryOf } = front;
  const base = directoryOf(pull.base_repo_id);
  if (pull.head_repo_id !== pull.base_repo_id) {
    const known = db.refs.findBy("repo_id", pull.base_repo_id).map(({ sha }) => `^${sha}\n`);
    const has = await git(base, ["cat-file", "-e", `${pull.head_sha}^{commit}`], { accept: [1, 128] });
    if (has.code !== 0) {
      const head = directoryOf(pull.head_repo_id);
      // What the fork does not have cannot be excluded there.
      const common = await git(head, ["cat-file", "--batch-check"], {
        input: known.map((line) => line.slice(1)).join(""),
      });
      const excluded = [...common.stdout.toString("utf8").matchAll(/^([0-9a-f]{40}) (?:commit|tag)/gm)].map(
        ([, sha]) => `^${sha}\n`,
      );
      await copyObjects(head, base, `${pull.head_sha}\n${excluded.join("")}`, ["--revs", "--thin"]);
    }
  }
  await git(base, ["update-ref", `refs/pull/${pull.number}/head`, pull.head_sha]);
  const tip = branchTip(front, pull.base_repo_id, pull.base_ref)?.sha ?? pull.base_sha;
  const { files, commits } = await compare(base, tip, pull.head_sha);
  const mergeable = pull.merged ? false : (await mergeTree(base, tip, pull.head_sha)) !== undefined;
  await front.sync.content.add(pull.base_repo_id, [pull.head_sha], [tip]);
  const counted = {
    commits: commits.length,
    changed_files: files.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    mergeable,
    mergeable_state: mergeable ? "clean" : "dirty",
  };
  return db.pullRequests.update(pull.id, counted) ?? pull;
}

/** After refs changed: open pull requests follow their head, and the hooks are told. */
export async function synchronize(
  front: Parts,
  repository: Repository,
  identity: Identity | undefined,
  changes: readonly { ref: string; after: string | undefined }[],
): Promise<void> {
  for (const { ref, after } of changes) {
    const open = front.db.pullRequests
      .all()
      .filter(({ state, head_repo_id }) => state === "open" && head_repo_id === repository.id)
      .filter(({ head_ref, head_sha }) => `refs/heads/${head_ref}` === ref && head_sha !== after);
    for (const pull of after === undefined ? [] : open) {
      const moved = front.db.pullRequests.update(pull.id, { head_sha: after ?? pull.head_sha }) ?? pull;
      const extra = { before: pull.head_sha, after };
      await emitPullRequest(front, "synchronize", await refreshPullRequest(front, moved), identity, extra);
    }
  }
}
