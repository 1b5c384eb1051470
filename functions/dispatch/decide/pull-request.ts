import { type BuildIdentity, buildKey } from "../../../contracts/build-job.ts";
import { BranchName } from "../../../contracts/git.ts";
import { APPROVAL_LABEL } from "../../../contracts/labels.ts";
import type { PullRequestEvent } from "../events/event.ts";
import { type Decision, type Known, nothing, type Step } from "./decision.ts";
import { CLOSED, keyBefore, lead, queueOnce, waitOnce } from "./once.ts";
import { refuseBranch } from "./push.ts";

/** What GitHub calls those who belong to a repository; what they may do there is another question. */
const BELONGS = ["OWNER", "MEMBER", "COLLABORATOR"];

/** What a pull request is built as; undefined where its branch has a name that cannot be used. */
export function pulledBuild(event: PullRequestEvent, repository: string): BuildIdentity | undefined {
  const { head: commit, number } = event;
  if (event.fork) return { repository, commit, trigger: { type: "pull-request", number } };
  const branch = BranchName.safeParse(event.branch).data;
  return branch === undefined ? undefined : { repository, commit, trigger: { type: "push", branch } };
}

/** Whose permission the event turns on. */
export function personOf(event: PullRequestEvent): string | undefined {
  if (!event.fork || !event.open || event.action === "closed") return undefined;
  if (event.action !== "labeled") return event.author;
  return event.label === APPROVAL_LABEL ? event.sender : undefined;
}

const removeLabel = ({ number }: PullRequestEvent): Step => ({ do: "remove-label", number });

export function decidePullRequest(event: PullRequestEvent, known: Known): Decision {
  const build = pulledBuild(event, known.repository);
  if (event.action === "closed") return close(event, known.repository);
  if (!event.open) return [nothing("the pull request is closed")];
  if (event.action === "labeled" && event.label !== APPROVAL_LABEL) return [nothing("a label like any")];
  if (build === undefined) return [refuseBranch(event.head)];
  if (!event.fork)
    return event.action === "labeled" ? [nothing("it needs no approval")] : ownBranch(build, known);
  if (event.action === "labeled") return labeled(event, build, known);
  return offered(event, build, known);
}

/** What waits or runs is not needed any more. A branch of the repository itself has builds of its own. */
function close({ fork, number, order, head }: PullRequestEvent, repository: string): Decision {
  if (!fork) return [nothing("the branch's push is what is built")];
  const build: BuildIdentity = { repository, commit: head, trigger: { type: "pull-request", number } };
  return lead(build, order, buildKey(build)).map((step) =>
    step.do === "lead" ? { ...step, lineage: { ...step.lineage, build: CLOSED } } : step,
  );
}

/** The branch's push built it; a branch that was there before the webhook is built now. */
function ownBranch(build: BuildIdentity, known: Known): Decision {
  return [queueOnce(build, known)];
}

function offered(event: PullRequestEvent, build: BuildIdentity, known: Known): Decision {
  const before = event.action === "reopened" ? CLOSED : keyBefore(build, event.before);
  const newest = lead(build, event.order, before);
  const belongs = known.mayWrite ?? BELONGS.includes(event.association);
  if (belongs) return [...newest, queueOnce(build, known)];
  // An approval is for one commit.
  const stale = event.action === "synchronize" && event.labels.includes(APPROVAL_LABEL);
  return [...newest, ...(stale ? [removeLabel(event)] : []), waitOnce(build, known)];
}

function labeled(event: PullRequestEvent, build: BuildIdentity, known: Known): Decision {
  const record = known.builds.get(buildKey(build));
  if (known.mayWrite !== true) {
    const note: Step[] = record?.state === "waiting" ? [{ do: "disallow", build, by: event.sender }] : [];
    return [removeLabel(event), ...note, nothing("the label is not by somebody who may write")];
  }
  if (known.head !== event.head) return [removeLabel(event), nothing("the label is for an older commit")];
  // The delivery that told of the commit may be lost.
  if (record === undefined) return [...lead(build, event.order), queueOnce(build, known)];
  if (record.state !== "waiting") return [queueOnce(build, known)];
  const { attempt, state } = record;
  return [{ do: "queue", build, attempt, claim: { how: "move", attempt, state } }];
}
