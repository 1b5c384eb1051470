import { permissionLevel } from "../access.ts";
import { requestState } from "../context.ts";
import { compare, isAncestor, mergeTree } from "../git/compare.ts";
import { git } from "../git/run.ts";
import { type Context, HttpError } from "../host/router.ts";
import type { Commit, PullRequest, Repository, User } from "../host/rows.ts";
import { branchTip, emitPullRequest } from "../pull-requests.ts";
import { actingUser } from "../push.ts";
import { atLeast, type MergeFacts } from "../rules/evaluate.ts";
import type { RouteParts } from "./all.ts";
import { findPull } from "./pulls.ts";
import { identityOf, invalid, repositoryOf, text } from "./support.ts";

type Method = MergeFacts["method"];

/** Who approved a pull request, and whether somebody asks for changes: each reviewer's last word counts. */
export function reviewState(
  reviews: readonly { readonly user_id: number; readonly state: string }[],
  counts: (user: number) => boolean,
): Pick<MergeFacts, "approvals" | "changesRequested"> {
  const last = new Map<number, string>();
  for (const { user_id, state } of reviews) {
    if (state !== "COMMENTED" && state !== "PENDING" && counts(user_id)) last.set(user_id, state);
  }
  const states = [...last.values()];
  return {
    approvals: states.filter((state) => state === "APPROVED").length,
    changesRequested: states.includes("CHANGES_REQUESTED"),
  };
}

/** Real merges: the emulator's take the head's tree, whatever the base has. */
export function addMerges(front: RouteParts): void {
  const { router, db, sync, baseUrl, directoryOf } = front;

  const commitAs = (user: User, tree: string, parents: string[], message: string, author?: Commit) => {
    const date = new Date().toISOString().replace(/\.\d{3}Z$/, "Z");
    const name = user.name ?? user.login;
    const email = user.email ?? `${user.login}@users.noreply.github.com`;
    return {
      message,
      tree_sha: tree,
      parent_shas: parents,
      author_name: author?.author_name ?? name,
      author_email: author?.author_email ?? email,
      author_date: author?.author_date ?? date,
      committer_name: name,
      committer_email: email,
      committer_date: date,
    };
  };

  /** Moves a branch to a commit that git has, as the request's user and under the rules. */
  const moveBranch = async (repository: Repository, branch: string, commit: string) => {
    const ref = branchTip(front, repository.id, branch);
    if (ref === undefined) throw new HttpError(404, "Base does not exist");
    await sync.content.add(repository.id, [commit], [ref.sha]);
    db.refs.update(ref.id, { sha: commit });
    const row = db.branches.findBy("repo_id", repository.id).find(({ name }) => name === branch);
    if (row !== undefined) db.branches.update(row.id, { sha: commit });
    db.repositories.update(repository.id, { pushed_at: new Date().toISOString() });
  };

  const rebased = async (
    repository: Repository,
    base: string,
    pull: PullRequest,
    user: User,
  ): Promise<string> => {
    const directory = directoryOf(repository.id);
    if (!(await isAncestor(directory, base, pull.head_sha))) {
      throw new HttpError(
        405,
        "This branch can't be rebased: here its head must contain the tip of its base.",
      );
    }
    const { commits } = await compare(directory, base, pull.head_sha);
    const rows = new Map(db.commits.findBy("repo_id", repository.id).map((row) => [row.sha, row]));
    let tip = base;
    for (const sha of commits) {
      const row = rows.get(sha);
      if (row === undefined || row.parent_shas.length > 1)
        throw new HttpError(405, "This branch can't be rebased.");
      tip = sync.makeCommit(repository.id, commitAs(user, row.tree_sha, [tip], row.message, row));
    }
    return tip;
  };

  const resultOf = async (
    repository: Repository,
    pull: PullRequest,
    base: string,
    method: Method,
    body: Record<string, unknown>,
    user: User,
  ): Promise<string> => {
    if (method === "rebase") return rebased(repository, base, pull, user);
    const tree = await mergeTree(directoryOf(repository.id), base, pull.head_sha);
    if (tree === undefined) throw new HttpError(405, "Pull Request is not mergeable");
    const head = db.repositories.get(pull.head_repo_id)?.full_name.split("/")[0] ?? "unknown";
    const [title, message] =
      method === "merge"
        ? [`Merge pull request #${pull.number} from ${head}/${pull.head_ref}`, pull.title]
        : [`${pull.title} (#${pull.number})`, pull.body ?? ""];
    const lines = [
      text(body.commit_title) ?? title,
      typeof body.commit_message === "string" ? body.commit_message : message,
    ];
    const parents = method === "merge" ? [base, pull.head_sha] : [base];
    return sync.makeCommit(
      repository.id,
      commitAs(user, tree, parents, lines.filter((line) => line !== "").join("\n\n")),
    );
  };

  /** A branch that may not be deleted stays, and the merge is still done. */
  const deleteBranch = (repository: Repository, branch: string) => {
    const ref = branchTip(front, repository.id, branch);
    if (ref === undefined || branch === repository.default_branch) return;
    try {
      db.refs.delete(ref.id);
    } catch (error) {
      if (error instanceof HttpError) return;
      throw error;
    }
    const row = db.branches.findBy("repo_id", repository.id).find(({ name }) => name === branch);
    if (row !== undefined) db.branches.delete(row.id);
  };

  const close = (pull: PullRequest, commit: string, user: User): PullRequest => {
    const now = new Date().toISOString();
    const closed = { state: "closed", closed_at: now };
    const issue = db.issues.findBy("repo_id", pull.repo_id).find(({ number }) => number === pull.number);
    if (issue !== undefined) db.issues.update(issue.id, { ...closed, closed_by_id: user.id });
    const merged = { merged: true, merged_at: now, merged_by_id: user.id, merge_commit_sha: commit };
    return (
      db.pullRequests.update(pull.id, {
        ...closed,
        ...merged,
        mergeable: false,
        mergeable_state: "unknown",
      }) ?? pull
    );
  };

  router.put("/repos/:owner/:repo/pulls/:number{\\d+}/merge", async (context: Context) => {
    const repository = repositoryOf(db, context);
    const pull = findPull(front, context);
    const body = await context.object();
    const identity = identityOf(context);
    const user = actingUser(db, identity);
    if (pull.merged || pull.state === "closed" || pull.draft)
      throw new HttpError(405, "Pull Request is not mergeable");
    if (body.sha !== undefined && body.sha !== pull.head_sha)
      throw new HttpError(409, "Head branch was modified. Review and try the merge again.");
    const method: Method =
      body.merge_method === "squash" || body.merge_method === "rebase" ? body.merge_method : "merge";
    const permitted = {
      merge: repository.allow_merge_commit,
      squash: repository.allow_squash_merge,
      rebase: repository.allow_rebase_merge,
    }[method];
    if (!permitted) throw new HttpError(405, `${method} merges are not allowed on this repository.`);
    const base = branchTip(front, repository.id, pull.base_ref)?.sha;
    if (base === undefined) throw new HttpError(404, "Base does not exist");
    const reviews = db.reviews
      .findBy("repo_id", repository.id)
      .filter((row) => row.pull_number === pull.number);
    const counts = (id: number) => {
      const login = db.users.get(id)?.login ?? "";
      return (
        id !== pull.user_id && atLeast(permissionLevel(db, { login, id, scopes: [] }, repository), "write")
      );
    };
    const state = requestState.getStore();
    if (state !== undefined) {
      const upToDate = await isAncestor(directoryOf(repository.id), base, pull.head_sha);
      state.merge = { method, upToDate, head: pull.head_sha, ...reviewState(reviews, counts) };
    }
    const commit = await resultOf(repository, pull, base, method, body, user);
    await moveBranch(repository, pull.base_ref, commit);
    if (state !== undefined) delete state.merge;
    const done = close({ ...pull, base_sha: base }, commit, user);
    db.pullRequests.update(pull.id, { base_sha: base });
    if (repository.delete_branch_on_merge && pull.head_repo_id === repository.id) {
      deleteBranch(repository, pull.head_ref);
    }
    await emitPullRequest(front, "closed", done, identity);
    return context.json({ sha: commit, merged: true, message: "Pull Request successfully merged" });
  });

  router.post("/repos/:owner/:repo/merges", async (context) => {
    const repository = repositoryOf(db, context);
    const directory = directoryOf(repository.id);
    const body = await context.object();
    const base = branchTip(front, repository.id, text(body.base) ?? "");
    if (base === undefined) throw new HttpError(404, "Base does not exist");
    const head = branchTip(front, repository.id, text(body.head) ?? "")?.sha ?? text(body.head) ?? "";
    const found = await git(
      directory,
      ["rev-parse", "--verify", "--quiet", "--end-of-options", `${head}^{commit}`],
      { accept: [1, 128] },
    );
    if (found.code !== 0) throw new HttpError(404, "Head does not exist");
    const sha = found.stdout.toString("utf8").trim();
    if (await isAncestor(directory, sha, base.sha)) return context.body(null, 204);
    const tree = await mergeTree(directory, base.sha, sha);
    if (tree === undefined) throw new HttpError(409, "Merge conflict");
    const message = text(body.commit_message) ?? `Merge ${text(body.head)} into ${text(body.base)}`;
    const user = actingUser(db, identityOf(context));
    const commit = sync.makeCommit(repository.id, commitAs(user, tree, [base.sha, sha], message));
    await moveBranch(repository, text(body.base) ?? "", commit);
    const url = `${baseUrl}/repos/${repository.full_name}/commits/${commit}`;
    return context.json(
      { sha: commit, url, commit: { message, tree: { sha: tree } }, parents: [{ sha: base.sha }, { sha }] },
      201,
    );
  });

  // The emulator's would give the branch the head's tree: what the base brought in would be lost.
  router.put("/repos/:owner/:repo/pulls/:number{\\d+}/update-branch", async (context) => {
    const pull = findPull(front, context);
    const head = db.repositories.get(pull.head_repo_id);
    const base = branchTip(front, pull.base_repo_id, pull.base_ref)?.sha ?? pull.base_sha;
    if (head === undefined || head.id !== pull.base_repo_id)
      throw invalid("Only branches of the same repository can be updated here.");
    const tree = await mergeTree(directoryOf(head.id), pull.head_sha, base);
    if (tree === undefined) throw invalid("merge conflict between base and head");
    const message = `Merge branch '${pull.base_ref}' into ${pull.head_ref}`;
    const commit = sync.makeCommit(
      head.id,
      commitAs(actingUser(db, identityOf(context)), tree, [pull.head_sha, base], message),
    );
    await moveBranch(head, pull.head_ref, commit);
    return context.json(
      {
        message: "Updating pull request branch.",
        url: `${baseUrl}/repos/${head.full_name}/pulls/${pull.number}`,
      },
      202,
    );
  });
}
