import { type FileChange, patches } from "../git/compare.ts";
import type { Commit, Repository, User } from "../host/rows.ts";
import { showUser } from "../show.ts";
import type { RouteParts } from "./all.ts";

/** A commit as lists and comparisons show it. */
export function showCommit({ db, baseUrl }: RouteParts, row: Commit, repository: Repository) {
  const url = `${baseUrl}/repos/${repository.full_name}`;
  const userOf = (email: string): User | undefined =>
    db.users
      .all()
      .find(({ login, email: own }) => own === email || email.endsWith(`${login}@users.noreply.github.com`));
  const shown = (email: string) => {
    const user = userOf(email);
    return user === undefined ? null : showUser(user, baseUrl);
  };
  return {
    sha: row.sha,
    node_id: row.node_id,
    commit: {
      author: { name: row.author_name, email: row.author_email, date: row.author_date },
      committer: { name: row.committer_name, email: row.committer_email, date: row.committer_date },
      message: row.message,
      tree: { sha: row.tree_sha, url: `${url}/git/trees/${row.tree_sha}` },
      url: `${url}/git/commits/${row.sha}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: "unsigned",
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url: `${url}/commits/${row.sha}`,
    html_url: `${baseUrl}/${repository.full_name}/commit/${row.sha}`,
    comments_url: `${url}/commits/${row.sha}/comments`,
    author: shown(row.author_email),
    committer: shown(row.committer_email),
    parents: row.parent_shas.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${baseUrl}/${repository.full_name}/commit/${sha}`,
    })),
  };
}

/** Commits by id, in the order asked for; what git has not is left out. */
export function showCommits(front: RouteParts, repository: Repository, ids: readonly string[]) {
  return ids.flatMap((id) => {
    front.db.commits.findBy("repo_id", repository.id);
    const row = front.db.commits.findBy("sha", id).find((commit) => commit.repo_id === repository.id);
    return row === undefined ? [] : [showCommit(front, row, repository)];
  });
}

/** Changed files with their patches, where those are text and not too long. */
export async function showFiles(
  { baseUrl, directoryOf }: RouteParts,
  repository: Repository,
  from: string,
  to: string,
  files: readonly FileChange[],
) {
  const texts = await patches(directoryOf(repository.id), from, to, files);
  return files.map((file) => {
    const path = file.filename.split("/").map(encodeURIComponent).join("/");
    const patch = texts.get(file.filename);
    const shownAt = file.status === "removed" ? from : to;
    return {
      ...file,
      changes: file.additions + file.deletions,
      blob_url: `${baseUrl}/${repository.full_name}/blob/${shownAt}/${path}`,
      raw_url: `${baseUrl}/${repository.full_name}/raw/${shownAt}/${path}`,
      contents_url: `${baseUrl}/repos/${repository.full_name}/contents/${path}?ref=${shownAt}`,
      ...(patch === undefined ? {} : { patch }),
    };
  });
}
