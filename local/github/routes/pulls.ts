import { compare } from "../git/compare.ts";
import { type Context, HttpError } from "../host/router.ts";
import { findRepository, type PullRequest, type Repository } from "../host/rows.ts";
import { branchTip, emitPullRequest, refreshPullRequest } from "../pull-requests.ts";
import type { RouteParts } from "./all.ts";
import { showCommits, showFiles } from "./diffs.ts";
import { identityOf, invalid, page, repositoryOf, text } from "./support.ts";

export function findPull(front: RouteParts, context: Context): PullRequest {
  const repository = repositoryOf(front.db, context);
  const number = Number(context.req.param("number"));
  const pull = front.db.pullRequests.findBy("repo_id", repository.id).find((row) => row.number === number);
  if (pull === undefined) throw new HttpError(404, "Not Found");
  return pull;
}

/** What the emulator makes up or does not check: which commits and files a pull request has, and whether it can be opened. */
export function addPulls(front: RouteParts): void {
  const { router, db, directoryOf } = front;

  const refuse = (field: string, message: string) =>
    invalid("Validation Failed", [{ resource: "PullRequest", field, code: "custom", message }]);

  /** The repository and branch of `branch` or `owner:branch`. */
  const headOf = (base: Repository, head: string): { repository: Repository; branch: string } | undefined => {
    const at = head.indexOf(":");
    if (at < 0) return { repository: base, branch: head };
    const owner = head.slice(0, at).toLowerCase();
    const found = [base, ...db.repositories.all().filter((row) => row.forked_from_id === base.id)].find(
      (row) => row.full_name.split("/")[0]?.toLowerCase() === owner,
    );
    return found === undefined ? undefined : { repository: found, branch: head.slice(at + 1) };
  };

  router.post("/repos/:owner/:repo/pulls", async (context, next) => {
    const repository = repositoryOf(db, context);
    const body = await context.object();
    const base = branchTip(front, repository.id, text(body.base) ?? "");
    if (base === undefined)
      throw refuse("base", `base: found ${text(body.base) ?? "nothing"}; expected a branch`);
    const head = headOf(repository, text(body.head) ?? "");
    const tip = head === undefined ? undefined : branchTip(front, head.repository.id, head.branch);
    if (head === undefined || tip === undefined)
      throw refuse("head", `head: found ${text(body.head) ?? "nothing"}; expected a branch`);
    const same = db.pullRequests
      .findBy("repo_id", repository.id)
      .some(
        (row) =>
          row.state === "open" &&
          row.head_repo_id === head.repository.id &&
          row.head_ref === head.branch &&
          row.base_ref === text(body.base),
      );
    if (same) throw refuse("head", `A pull request already exists for ${text(body.head)}.`);
    if (tip.sha === base.sha)
      throw refuse("head", `No commits between ${text(body.base)} and ${text(body.head)}`);
    const reply = await next();
    if (reply === undefined || typeof reply.body !== "string" || reply.status !== 201) return reply;
    const made: { id: number } = JSON.parse(reply.body);
    const row = db.pullRequests.get(made.id);
    if (row === undefined) return reply;
    await refreshPullRequest(front, row);
    await emitPullRequest(front, "opened", row, identityOf(context));
    return {
      ...reply,
      body: JSON.stringify(await front.look(`/repos/${repository.full_name}/pulls/${row.number}`)),
    };
  });

  const comparison = (pull: PullRequest) => {
    const tip = pull.merged
      ? pull.base_sha
      : (branchTip(front, pull.base_repo_id, pull.base_ref)?.sha ?? pull.base_sha);
    return compare(directoryOf(pull.base_repo_id), tip, pull.head_sha);
  };

  router.get("/repos/:owner/:repo/pulls/:number{\\d+}/files", async (context) => {
    const pull = findPull(front, context);
    const { mergeBase = pull.base_sha, files } = await comparison(pull);
    const repository = repositoryOf(db, context);
    return context.json(await showFiles(front, repository, mergeBase, pull.head_sha, page(context, files)));
  });

  router.get("/repos/:owner/:repo/pulls/:number{\\d+}/commits", async (context) => {
    const { commits } = await comparison(findPull(front, context));
    return context.json(showCommits(front, repositoryOf(db, context), page(context, commits)));
  });

  router.get("/repos/:owner/:repo/pulls/:number{\\d+}/merge", (context) => {
    if (!findPull(front, context).merged) throw new HttpError(404, "Not Found");
    return context.body(null, 204);
  });

  // An author may change the own pull request, others need write access: see access.ts for the rest.
  router.patch("/repos/:owner/:repo/pulls/:number{\\d+}", async (context, next) => {
    const body = await context.object();
    const base = text(body.base);
    const repository = findRepository(db, context.req.param("owner"), context.req.param("repo"));
    if (
      base !== undefined &&
      repository !== undefined &&
      branchTip(front, repository.id, base) === undefined
    ) {
      throw refuse("base", `base: found ${base}; expected a branch`);
    }
    return next();
  });
}
