import { GithubRepository } from "../../clients/github-repository.ts";
import { PINS_CHECK } from "../../contracts/checks.ts";
import { splitFullName } from "../../contracts/git.ts";
import { VERSIONS_FILE } from "../../contracts/versions.ts";
import { BOARD_PERMISSIONS, Board, type Head } from "./board.ts";
import { holds, isOwn, parentsOf, pinsBranch } from "./branch.ts";
import { editPins } from "./edit.ts";
import { nothing, type Outcome, type Proposal } from "./proposal.ts";
import { isAhead } from "./release.ts";
import { body, commitMessage, mark, occupiedComment, title, unpinnedText } from "./texts.ts";

/** Says on the newest commit, once, why a release cannot be pinned there. */
async function tell(proposal: Proposal, { commit }: Head, problems: readonly string[]): Promise<Outcome> {
  const { github, appId, repository, release, pins, signal } = proposal;
  const checks = new GithubRepository(github, repository, BOARD_PERMISSIONS, signal);
  const externalId = `pins/${splitFullName(repository).repo}/${release.dependency}/${release.tag}`;
  const known = await checks.checkRuns(commit, PINS_CHECK, appId);
  if (!known.some((run) => run.externalId === externalId))
    await checks.createCheckRun(
      { name: PINS_CHECK, commit, externalId },
      unpinnedText(release, pins, problems),
    );
  return { did: "told", because: problems.join("; ") };
}

/**
 * Brings a repository's one pull request for new pins to a release. Done again, it changes nothing; broken off, it is
 * completed when it is done again. Throws what is worth another try, with nothing lost: a branch only ever moves on.
 */
export async function propose(proposal: Proposal): Promise<Outcome> {
  const { github, repository, release, pins, signal } = proposal;
  const board = new Board(github, repository, signal);
  const closed = await board.closedBecause();
  if (closed !== undefined) return nothing(`the repository is ${closed}`);
  const head = await board.head();
  if (head === undefined) return nothing("the repository has no commit");
  const file = await board.versions(head);
  if (file === undefined)
    return tell(proposal, head, [`${VERSIONS_FILE}: found no plain file of at most 1 MiB, expected one`]);
  const edited = editPins(file.content, pins, (pinned) => isAhead(pinned, release));
  if ("problems" in edited) return tell(proposal, head, edited.problems);
  const { text, changes } = edited;
  if (changes.length === 0) return nothing("it is pinned, or what is pinned is ahead of it");

  const name = pinsBranch(release.dependency);
  const pulls = await board.pulls(name);
  const open = pulls.find((pull) => pull.open);
  const before = pulls.find((pull) => pull.body.includes(mark(release)));
  if (open === undefined && before !== undefined)
    return nothing(`pull request ${before.number} for it was closed`);
  const branch = await board.branch(name, head);
  if (branch !== undefined && !isOwn(branch.difference, await github.login())) {
    if (open === undefined)
      return tell(proposal, head, [`${name}: found a branch with commits of others, expected none`]);
    await board.commentOnce(open.number, occupiedComment(release, pins), mark(release));
    return { did: "told", because: `${name} has commits of others` };
  }
  const there = branch !== undefined && holds(branch.difference, text);
  if (!there) {
    const parents = parentsOf(branch, head.commit);
    const commit = await board.commit(head, { mode: file.mode, text }, parents, commitMessage(release));
    await board.point(name, commit, branch);
  }
  const description = { title: title(release), body: body(release, changes) };
  if (open === undefined) {
    const pull = await board.open(name, description);
    await board.label(pull);
    return { did: "opened", pull };
  }
  const described = open.body.includes(mark(release));
  if (!described) await board.describe(open.number, description);
  const labelled = open.labels.length > 0;
  if (!labelled) await board.label(open.number);
  if (there && described && labelled) return nothing(`pull request ${open.number} proposes it`);
  return { did: "updated", pull: open.number };
}
