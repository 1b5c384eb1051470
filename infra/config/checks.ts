import { checkBoards } from "./checks/boards.ts";
import { checkBuilds } from "./checks/builds.ts";
import { checkDocker } from "./checks/docker.ts";
import { checkNames } from "./checks/names.ts";
import { checkProtection } from "./checks/protection.ts";
import { checkRepositories } from "./checks/repositories.ts";
import { checkSettings } from "./checks/settings.ts";
import { checkStacks } from "./checks/stacks.ts";
import type { Draft, StackClaims } from "./model.ts";
import type { Problem } from "./problems.ts";

/**
 * What is wrong between settings that are each right in themselves. A check whose settings are missing in the
 * draft says nothing: their own problem is reported already.
 */
export function checkDraft(draft: Draft, others: readonly StackClaims[]): Problem[] {
  return [
    ...checkNames(draft),
    ...checkRepositories(draft),
    ...checkBoards(draft),
    ...checkBuilds(draft),
    ...checkDocker(draft),
    ...checkProtection(draft),
    ...checkSettings(draft),
    ...checkStacks(draft, others),
  ];
}
