import type { Report } from "../../audit/report.ts";
import { isExpected, log } from "./command.ts";
import { commentTarget, type PullRequestRef, workflowPullRequest } from "./pull-request.ts";

/**
 * Where `--comment` says that a report goes; read before anything is previewed. Undefined without the option.
 *
 * @throws {Error} where the option names no pull request and none is known
 */
export function commentPlace(option: string | undefined): PullRequestRef | undefined {
  return option === undefined
    ? undefined
    : commentTarget(option, process.env.GITHUB_REPOSITORY, workflowPullRequest());
}

/**
 * Writes a report into its comment and says in the log what became of that; false where it failed. Octokit is loaded
 * only where there is something to say.
 */
export async function tellComment(target: PullRequestRef, report: Report, text: string): Promise<boolean> {
  const { commentAccess } = await import("./comment-access.ts");
  const { commentLine, commentReport } = await import("./audit-comment.ts");
  try {
    log(commentLine(target, report, await commentReport(commentAccess(process.env), target, report, text)));
    return true;
  } catch (error) {
    if (!isExpected(error)) throw error;
    log(error.message);
    return false;
  }
}
