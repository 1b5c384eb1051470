import type { CheckRunState } from "../../clients/github-repository.ts";
import { APPROVAL_LABEL } from "../../contracts/labels.ts";

/** What check runs say, as Markdown. Nothing in them is from outside but commit ids, tags and logins. */

export function queuedText(key: string, attempt: number): CheckRunState {
  const again = attempt === 1 ? "" : `, attempt ${attempt}`;
  return { status: "queued", title: "Queued", summary: `\`${key}\`${again} waits for a runner.` };
}

export function waitingText(commit: string, disallowed?: string): CheckRunState {
  const note =
    disallowed === undefined
      ? ""
      : `\n\nThe label by \`${disallowed}\` did not count: it takes write access to this repository.`;
  return {
    status: "completed",
    conclusion: "action_required",
    title: "A maintainer must approve this build",
    summary:
      `This pull request is from outside. Whoever may write to this repository reviews \`${commit}\` and adds the ` +
      `label \`${APPROVAL_LABEL}\`: then this commit is built. The next commit waits again.${note}`,
  };
}

export function noQueueText(architecture: string): CheckRunState {
  return {
    status: "completed",
    conclusion: "failure",
    title: `No runner for ${architecture}`,
    summary:
      `No runner of the pipeline builds for ${architecture}. When the stack has one, build this commit again ` +
      "with Re-run.",
  };
}
