import type { Input } from "@pulumi/pulumi";

/** Who a ruleset lets pass, as `github.RepositoryRuleset` takes it. */
export interface BypassActor {
  readonly actorType: "Integration" | "Team" | "OrganizationAdmin";
  /** The App's or the team's id; an organization's admins have none of their own and GitHub wants 1. */
  readonly actorId: Input<number>;
  readonly bypassMode: "always" | "pull_request";
}

export interface Protection {
  /** Branch name. */
  readonly branch: string;
  /** Check runs that must have passed on the head of a pull request. */
  readonly requiredChecks: readonly RequiredCheck[];
  /** Reviews that approve, 0 to 6. */
  readonly approvals: number;
  /** The pull request must be up to date with its base before it is merged. */
  readonly strict: boolean;
  readonly bypass: readonly BypassActor[];
}

export interface RequiredCheck {
  /** Name of the check run. */
  readonly context: string;
  /** Only this App's check run counts. Missing: anybody's who may report. */
  readonly integrationId?: number;
}

/** Nobody pushes to the branch: it changes by reviewed pull requests whose checks passed. */
export function branchRules(protection: Protection) {
  return {
    deletion: true,
    nonFastForward: true,
    pullRequest: {
      requiredApprovingReviewCount: protection.approvals,
      dismissStaleReviewsOnPush: true,
      requireLastPushApproval: protection.approvals > 0,
      requiredReviewThreadResolution: true,
    },
    requiredStatusChecks: {
      strictRequiredStatusChecksPolicy: protection.strict,
      requiredChecks: protection.requiredChecks.map((check) => ({ ...check })),
    },
  };
}

/** A release tag is made once: it is never moved and never deleted, since a release was built from it. */
export function tagRules() {
  return { update: true, deletion: true, nonFastForward: true };
}
