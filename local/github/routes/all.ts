import type { Front } from "../front.ts";
import { addChecks } from "./checks.ts";
import { addCommits } from "./commits.ts";
import { addCopies } from "./copies.ts";
import { addGitData } from "./git-data.ts";
import { addHealth } from "./health.ts";
import { addHooks } from "./hooks.ts";
import { addIssueComments } from "./issue-comments.ts";
import { addLabels } from "./labels.ts";
import { addMerges } from "./merge.ts";
import { addOrganization } from "./organization.ts";
import { addPullLabels } from "./pull-labels.ts";
import { addPulls } from "./pulls.ts";
import { addReleases } from "./releases.ts";
import { addRepositories } from "./repositories.ts";
import { addRulesets } from "./rulesets.ts";
import { addStatuses } from "./statuses.ts";
import { addUser } from "./user.ts";

/** What the front's own routes need; they are added before the emulator's and so come first. */
export type RouteParts = Omit<Front, "description">;

export function addRoutes(front: RouteParts): void {
  addHealth(front);
  addRepositories(front);
  addRulesets(front);
  addHooks(front);
  addCommits(front);
  addCopies(front);
  addGitData(front);
  addOrganization(front);
  addPulls(front);
  addPullLabels(front);
  addLabels(front);
  addIssueComments(front);
  addUser(front);
  addMerges(front);
  addChecks(front);
  addStatuses(front);
  addReleases(front);
}
