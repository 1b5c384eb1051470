import { type BuildIdentity, buildKey } from "../../../contracts/build-job.ts";
import { BUILD_CHECK, TAG_CHECK } from "../../../contracts/checks.ts";
import { BranchName } from "../../../contracts/git.ts";
import { matchesTagPattern, ReleaseTag } from "../../../contracts/release-tag.ts";
import type { PushEvent } from "../events/event.ts";
import { type Decision, type Known, nothing, type Step } from "./decision.ts";
import { keyBefore, lead, queueOnce } from "./once.ts";

const BRANCH = "refs/heads/";
const TAG = "refs/tags/";

/** What a push is to be built as, or why not. */
export function pushedBuild(
  event: PushEvent,
  repository: string,
  tagPattern: string,
): { readonly build: BuildIdentity } | { readonly step: Step } {
  const { ref, after, commit } = event;
  if (ref.startsWith(BRANCH)) {
    if (after === undefined) return { step: nothing("a branch was deleted") };
    const branch = BranchName.safeParse(ref.slice(BRANCH.length));
    if (!branch.success) return { step: refuseBranch(after) };
    return { build: { repository, commit: after, trigger: { type: "push", branch: branch.data } } };
  }
  if (!ref.startsWith(TAG)) return { step: nothing("neither a branch nor a tag") };
  const tag = ReleaseTag.safeParse(ref.slice(TAG.length));
  if (!tag.success || !matchesTagPattern(tagPattern, tag.data)) return { step: nothing("no release tag") };
  if (after === undefined) return { step: nothing(`the release tag ${tag.data} was deleted`) };
  if (commit === undefined) return { step: nothing(`the release tag ${tag.data} is on no commit`) };
  return { build: { repository, commit, trigger: { type: "tag", tag: tag.data } } };
}

/** The commit must say why it has no build: branch protection waits for one. */
export function refuseBranch(commit: string): Step {
  return {
    do: "refuse",
    commit,
    check: BUILD_CHECK,
    externalId: "refused:branch-name",
    title: "The branch's name cannot be used",
    summary:
      "The name of the branch has characters that cannot be seen, or more than 255 characters. " +
      "Push the commit to a branch with another name.",
  };
}

function refuseMovedTag(tag: string, commit: string): Step {
  return {
    do: "refuse",
    commit,
    check: TAG_CHECK,
    externalId: `refused:${tag}`,
    title: `${tag} was moved: nothing is released`,
    summary:
      `The tag \`${tag}\` was on another commit before. A release is never rewritten: whoever has ${tag} must ` +
      "be sure of what it is. Make a new tag for this commit.",
  };
}

export function decidePush(event: PushEvent, known: Known): Decision {
  const pushed = pushedBuild(event, known.repository, known.tagPattern);
  if ("step" in pushed) return [pushed.step];
  const { build } = pushed;
  if (build.trigger.type === "tag") {
    const made = known.builds.get(buildKey(build))?.commit;
    // Deleted and made again is moved, too.
    const moved = event.before !== undefined || (made !== undefined && made !== build.commit);
    if (moved) return [refuseMovedTag(build.trigger.tag, build.commit)];
  }
  return [...lead(build, event.order, keyBefore(build, event.before)), queueOnce(build, known)];
}
