import { isOrganizationAdmin, permissionLevel } from "../access.ts";
import type { Identity } from "../auth.ts";
import type { IssueComment } from "../host/collaboration.ts";
import { type Context, HttpError, type Reply } from "../host/router.ts";
import { nodeId, type Repository, type User } from "../host/rows.ts";
import { actingUser } from "../push.ts";
import { atLeast } from "../rules/evaluate.ts";
import { showRepository, showUser } from "../show.ts";
import type { RouteParts } from "./all.ts";
import { invalid, page, repositoryOf, requireIdentity } from "./support.ts";

/** GitHub's own limit, in characters. */
const LONGEST = 65_536;

/** What is wrong with a comment's text, as GitHub says it. */
export function bodyProblem(body: unknown): object | undefined {
  const problem = (message: string) => ({ resource: "IssueComment", code: "custom", field: "body", message });
  if (typeof body !== "string" || body.trim() === "") return problem("body cannot be blank");
  return body.length > LONGEST ? problem(`body is too long (maximum is ${LONGEST} characters)`) : undefined;
}

/**
 * The conversation of issues and pull requests. The emulator lets everybody change everybody's comments, refuses where
 * issues are switched off, which does not concern pull requests, takes any length, and does not know which App wrote.
 */
export function addIssueComments(front: RouteParts): void {
  const { router, db, store, sender, baseUrl } = front;
  const comments = store.collection<IssueComment>("github.comments", ["repo_id"]);
  const root = "/repos/:owner/:repo/issues";

  const show = (row: IssueComment, repository: Repository) => {
    const url = `${baseUrl}/repos/${repository.full_name}/issues`;
    const pull = pullOf(repository, row.issue_number ?? 0);
    const kind = pull === undefined ? "issues" : "pull";
    const user = db.users.get(row.user_id);
    const app = db.apps.all().find(({ slug }) => user?.login === `${slug}[bot]`);
    return {
      url: `${url}/comments/${row.id}`,
      html_url: `${baseUrl}/${repository.full_name}/${kind}/${row.issue_number}#issuecomment-${row.id}`,
      issue_url: `${url}/${row.issue_number}`,
      id: row.id,
      node_id: row.node_id,
      user: user === undefined ? null : showUser(user, baseUrl),
      created_at: row.created_at,
      updated_at: row.updated_at,
      author_association: association(user, repository),
      body: row.body,
      performed_via_github_app: app === undefined ? null : { id: app.app_id, slug: app.slug, name: app.name },
    };
  };
  const association = (user: User | undefined, repository: Repository): string => {
    if (user === undefined || user.type === "Bot") return "NONE";
    if (isOrganizationAdmin(db, repository.owner_id, user.id)) return "MEMBER";
    const isCollaborator = db.collaborators
      .findBy("repo_id", repository.id)
      .some(({ user_id }) => user_id === user.id);
    return isCollaborator ? "COLLABORATOR" : "NONE";
  };

  const pullOf = (repository: Repository, number: number) =>
    db.pullRequests.findBy("repo_id", repository.id).find((row) => row.number === number);
  /** The issue or pull request of the path. */
  const issueOf = (context: Context, repository: Repository): number => {
    const number = Number(context.req.param("number"));
    const issue = db.issues.findBy("repo_id", repository.id).find((row) => row.number === number);
    const isPull = pullOf(repository, number) !== undefined;
    if (!isPull && (issue === undefined || repository.has_issues === false))
      throw new HttpError(404, "Not Found");
    return number;
  };
  const commentOf = (context: Context, repository: Repository): IssueComment => {
    const found = comments.get(Number(context.req.param("comment")));
    if (found === undefined || found.repo_id !== repository.id || found.comment_type !== "issue") {
      throw new HttpError(404, "Not Found");
    }
    return found;
  };
  const bodyOf = async (context: Context): Promise<string> => {
    const { body } = await context.object();
    const problem = bodyProblem(body);
    if (problem !== undefined || typeof body !== "string") throw invalid("Validation Failed", [problem]);
    return body;
  };

  /** The account that a comment is kept under. An App's is made when it first writes. */
  const authorOf = (identity: Identity): User => {
    const user = actingUser(db, identity);
    if (db.users.get(user.id)?.login === user.login) return user;
    const { id: _id, created_at: _created, updated_at: _updated, ...fields } = user;
    const made = db.users.insert({ ...fields, gravatar_id: "" } as typeof fields);
    return db.users.update(made.id, { node_id: nodeId("Bot", made.id) }) ?? made;
  };
  /** An author changes the own comments, others need write access: an App has what its permissions say. */
  const mayChange = (identity: Identity, repository: Repository, comment: IssueComment): void => {
    if (actingUser(db, identity).id === comment.user_id) return;
    if (identity.installation !== undefined) return;
    if (atLeast(permissionLevel(db, identity, repository), "write")) return;
    throw new HttpError(403, "Must have admin rights to Repository.");
  };

  const tell = async (action: string, identity: Identity, repository: Repository, row: IssueComment) => {
    const number = row.issue_number ?? 0;
    const pull = pullOf(repository, number);
    const path = `/repos/${repository.full_name}`;
    const issue =
      pull === undefined
        ? await front.look(`${path}/issues/${number}`)
        : pullAsIssue(await front.look(`${path}/pulls/${number}`));
    const payload = {
      action,
      issue,
      comment: show(row, repository),
      repository: showRepository(db, identity, repository, baseUrl),
      sender: showUser(actingUser(db, identity), baseUrl),
    };
    sender.emit("issue_comment", action, payload, repository.full_name.split("/")[0] ?? "", repository);
  };

  router.get(`${root}/:number{\\d+}/comments`, (context) => {
    const repository = repositoryOf(db, context);
    const number = issueOf(context, repository);
    const since = Date.parse(context.req.query("since") ?? "");
    const rows = comments
      .findBy("repo_id", repository.id)
      .filter((row) => row.comment_type === "issue" && row.issue_number === number)
      .filter((row) => Number.isNaN(since) || Date.parse(row.updated_at) >= since)
      .sort((a, b) => a.id - b.id);
    return context.json(page(context, rows).map((row) => show(row, repository)));
  });

  router.post(`${root}/:number{\\d+}/comments`, async (context) => {
    const repository = repositoryOf(db, context);
    const identity = requireIdentity(context);
    const number = issueOf(context, repository);
    const body = await bodyOf(context);
    const row = comments.insert({
      node_id: nodeId("IssueComment", comments.nextId()),
      repo_id: repository.id,
      issue_number: number,
      user_id: authorOf(identity).id,
      body,
      comment_type: "issue",
      ...NOT_OF_A_DIFF,
    });
    count(repository, number);
    await tell("created", identity, repository, row);
    const shown = show(row, repository);
    return context.json(shown, 201, { Location: shown.url });
  });

  router.get(`${root}/comments/:comment{\\d+}`, (context) => {
    const repository = repositoryOf(db, context);
    return context.json(show(commentOf(context, repository), repository));
  });

  router.patch(`${root}/comments/:comment{\\d+}`, async (context) => {
    const repository = repositoryOf(db, context);
    const identity = requireIdentity(context);
    const comment = commentOf(context, repository);
    mayChange(identity, repository, comment);
    const row = comments.update(comment.id, { body: await bodyOf(context) }) ?? comment;
    await tell("edited", identity, repository, row);
    return context.json(show(row, repository));
  });

  router.delete(`${root}/comments/:comment{\\d+}`, async (context): Promise<Reply> => {
    const repository = repositoryOf(db, context);
    const identity = requireIdentity(context);
    const comment = commentOf(context, repository);
    mayChange(identity, repository, comment);
    comments.delete(comment.id);
    count(repository, comment.issue_number ?? 0);
    await tell("deleted", identity, repository, comment);
    return context.body(null, 204);
  });

  /** The issue shows how many comments it has. */
  const count = (repository: Repository, number: number): void => {
    const issue = db.issues.findBy("repo_id", repository.id).find((row) => row.number === number);
    const own = comments
      .findBy("repo_id", repository.id)
      .filter((row) => row.comment_type === "issue" && row.issue_number === number);
    if (issue !== undefined) db.issues.update(issue.id, { comments: own.length });
  };
}

/** The emulator keeps comments on lines of a diff in the same table. */
const NOT_OF_A_DIFF = {
  pull_number: null,
  commit_sha: null,
  in_reply_to_id: null,
  path: null,
  position: null,
  line: null,
  side: null,
  subject_type: null,
  review_id: null,
};

/** What an event calls an issue where the conversation is that of a pull request. */
function pullAsIssue(pull: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { number, title, user, labels, state, locked, comments, body, created_at, updated_at } = pull;
  const shown = { number, title, user, labels, state, locked, comments, body, created_at, updated_at };
  const { url, html_url, diff_url, patch_url } = pull;
  return { ...shown, url: pull.issue_url, html_url, pull_request: { url, html_url, diff_url, patch_url } };
}
