import { DEFAULT_BRANCH } from "../../contracts/names.ts";
import { VERSIONS_FILE } from "../../contracts/versions.ts";
import { Board } from "./board.ts";
import { editPins } from "./edit.ts";
import { nothing, type Outcome, type Proposal } from "./proposal.ts";
import { isAhead } from "./release.ts";
import { commitMessage } from "./texts.ts";

/**
 * Pins a release in the repository that new boards are generated from, so that their first push is built. Nobody builds
 * or reviews that repository: it is a commit, and throws what is worth another try. Done again, it changes nothing.
 */
export async function pinInTemplate({
  github,
  repository,
  release,
  pins,
  signal,
}: Omit<Proposal, "appId">): Promise<Outcome> {
  const template = new Board(github, repository, signal);
  const closed = await template.closedBecause();
  if (closed !== undefined) return nothing(`the repository is ${closed}`);
  const head = await template.head();
  const file = head && (await template.versions(head));
  if (head === undefined || file === undefined) return nothing(`it has no ${VERSIONS_FILE}`);
  const edited = editPins(file.content, pins, (pinned) => isAhead(pinned, release));
  if ("problems" in edited) return nothing(edited.problems.join("; "));
  if (edited.changes.length === 0) return nothing("it is pinned, or what is pinned is ahead of it");
  const { mode } = file;
  const commit = await template.commit(
    head,
    { mode, text: edited.text },
    [head.commit],
    commitMessage(release),
  );
  await template.point(DEFAULT_BRANCH, commit, { tip: head.commit });
  return { did: "committed", commit };
}
