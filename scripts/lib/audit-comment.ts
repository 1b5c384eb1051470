import type { Octokit } from "@octokit/rest";
import { commentBody, ownComments, type PullComment } from "../../audit/comment.ts";
import { labelChanges, type SeverityLabel, severityLabels } from "../../audit/labels.ts";
import type { Report } from "../../audit/report.ts";
import {
  type CommentAccess,
  connect,
  failureSentence,
  hasStatus,
  ignoringExisting,
  ignoringMissing,
} from "./comment-access.ts";
import { type PullRequestRef, showPullRequest } from "./pull-request.ts";

const PER_PAGE = 100;

interface Written {
  readonly kind: "created" | "edited" | "unchanged";
  readonly url: string;
}

/** What became of the comment. `left`: the pull request has another head than the report's commit. */
export type CommentResult = Written | { readonly kind: "left"; readonly head: string };

/** One stack's comment and labels on one pull request. */
class Conversation {
  readonly #github: Octokit;
  readonly #target: PullRequestRef;
  readonly #stack: string;
  readonly #repository: { readonly owner: string; readonly repo: string };
  readonly #issue: { readonly owner: string; readonly repo: string; readonly issue_number: number };

  constructor(github: Octokit, target: PullRequestRef, stack: string) {
    const { owner, repo, number } = target;
    this.#github = github;
    this.#target = target;
    this.#stack = stack;
    this.#repository = { owner, repo };
    this.#issue = { owner, repo, issue_number: number };
  }

  /** A call whose failure is told as one sentence. */
  async #step<T>(what: string, call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw new Error(`comment on ${showPullRequest(this.#target)}: ${failureSentence(what, error)}`);
    }
  }

  /** The pull request's last commit. */
  async head(): Promise<string> {
    const pull_number = this.#target.number;
    const pull = this.#github.rest.pulls.get({ ...this.#repository, pull_number });
    return (await this.#step("reading the pull request", pull)).data.head.sha;
  }

  /** The login that the token writes as; undefined for an installation's, which GitHub does not tell. */
  async login(): Promise<string | undefined> {
    const user = this.#github.rest.users.getAuthenticated().catch((error: unknown) => {
      if (hasStatus(error, 403)) return undefined;
      throw error;
    });
    return (await this.#step("asking whose token it is", user))?.data.login;
  }

  /** The stack's comments that `author` wrote, oldest first, of all pages. */
  async #own(author: string | undefined): Promise<readonly PullComment[]> {
    if (author === undefined) return [];
    const comments = this.#github.paginate(
      this.#github.rest.issues.listComments,
      { ...this.#issue, per_page: PER_PAGE },
      ({ data }) =>
        data.map(({ id, user, body, html_url }) => ({
          id,
          author: user?.login,
          body: body ?? "",
          url: html_url,
        })),
    );
    return ownComments(await this.#step("reading the comments", comments), this.#stack, author);
  }

  /**
   * Writes into the first of the stack's comments, or into a new one, and leaves no second.
   *
   * @param mayWrite asked right before anything is written
   */
  async write(
    body: string,
    author: string | undefined,
    mayWrite: () => Promise<boolean>,
  ): Promise<Written | undefined> {
    const found = await this.#own(author);
    if (!(await mayWrite())) return undefined;
    const edited = await this.#edit(found, body);
    if (edited !== undefined) return edited;
    const create = this.#github.rest.issues.createComment({ ...this.#issue, body });
    const { data } = await this.#step("writing the comment", create);
    // Only now is it certain as whom this writes, and that no other run has written meanwhile.
    const all = await this.#own(data.user?.login ?? author);
    const created = { kind: "created", url: data.html_url } as const;
    return all.length < 2 ? created : ((await this.#edit(all, body)) ?? created);
  }

  /** Undefined where there is none that could be edited. */
  async #edit(own: readonly PullComment[], body: string): Promise<Written | undefined> {
    const [first, ...others] = own;
    if (first === undefined) return undefined;
    const same = first.body === body;
    if (!same) {
      const update = this.#github.rest.issues.updateComment({
        ...this.#repository,
        comment_id: first.id,
        body,
      });
      const updated = await this.#step("editing the comment", update.catch(ignoringMissing));
      // Somebody has deleted it meanwhile.
      if (updated === undefined) return await this.#edit(others, body);
    }
    for (const { id } of others) {
      const remove = this.#github.rest.issues.deleteComment({ ...this.#repository, comment_id: id });
      await this.#step("removing a second comment", remove.catch(ignoringMissing));
    }
    return { kind: same ? "unchanged" : "edited", url: first.url };
  }

  /** Brings the stack's labels to these, and touches no others. */
  async label(wanted: readonly SeverityLabel[]): Promise<void> {
    const { issues } = this.#github.rest;
    const names = this.#github.paginate(
      issues.listLabelsOnIssue,
      { ...this.#issue, per_page: PER_PAGE },
      ({ data }) => data.map(({ name }) => name),
    );
    const present = await this.#step("reading the labels", names);
    const { add, remove } = labelChanges(this.#stack, present, wanted);
    for (const label of add) {
      // Set without being made, it would have neither colour nor description.
      const make = issues.createLabel({ ...this.#repository, ...label });
      await this.#step(`making the label "${label.name}"`, make.catch(ignoringExisting));
    }
    if (add.length > 0) {
      const labels = add.map(({ name }) => name);
      await this.#step("setting labels", issues.addLabels({ ...this.#issue, labels }));
    }
    for (const name of remove) {
      const removed = issues.removeLabel({ ...this.#issue, name });
      await this.#step(`removing the label "${name}"`, removed.catch(ignoringMissing));
    }
  }
}

/**
 * Writes a report into a stack's comment on a pull request, and sets its labels. One comment per stack: the one that
 * is there is edited. Where the pull request's head is not the commit that was audited, nothing is touched: who pushed
 * has a run of their own.
 *
 * @param text the report, Markdown
 * @throws {Error} with one sentence that says what failed and what GitHub answered
 */
export async function commentReport(
  access: CommentAccess,
  target: PullRequestRef,
  report: Report,
  text: string,
): Promise<CommentResult> {
  const { stack, commit } = report;
  if (commit === undefined) {
    throw new Error("--comment: the audited commit is not known, expected it in AUDIT_COMMIT");
  }
  const conversation = new Conversation(connect(access), target, stack);
  const author = access.login ?? (await conversation.login());
  let head = "";
  const written = await conversation.write(commentBody(stack, text), author, async () => {
    head = await conversation.head();
    return head === commit;
  });
  if (written === undefined) return { kind: "left", head };
  await conversation.label(severityLabels(report));
  return written;
}

/** What became of the comment, for whoever reads the run's log. */
export function commentLine(
  target: PullRequestRef,
  { commit = "" }: Pick<Report, "commit">,
  result: CommentResult,
): string {
  const where = `comment on ${showPullRequest(target)}`;
  return result.kind === "left"
    ? `${where}: left as it is, the head is ${result.head.slice(0, 12)} and this report is of ${commit.slice(0, 12)}`
    : `${where}: ${result.kind}, ${result.url}`;
}
