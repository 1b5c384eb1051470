import { describe, expect, it } from "vitest";
import { branchRules, tagRules } from "./ruleset.ts";

const protection = {
  branch: "main",
  approvals: 1,
  strict: true,
  requiredChecks: [{ context: "hypriotos/build", integrationId: 7 }],
  bypass: [],
};

describe("branchRules", () => {
  it("lets a branch change by reviewed, tested pull requests only", () => {
    expect(branchRules(protection)).toEqual({
      deletion: true,
      nonFastForward: true,
      pullRequest: {
        requiredApprovingReviewCount: 1,
        dismissStaleReviewsOnPush: true,
        requireLastPushApproval: true,
        requiredReviewThreadResolution: true,
      },
      requiredStatusChecks: {
        strictRequiredStatusChecksPolicy: true,
        requiredChecks: [{ context: "hypriotos/build", integrationId: 7 }],
      },
    });
  });

  it("asks nobody to approve the last push where no approval is asked for", () => {
    expect(branchRules({ ...protection, approvals: 0 }).pullRequest).toMatchObject({
      requiredApprovingReviewCount: 0,
      requireLastPushApproval: false,
    });
  });
});

describe("tagRules", () => {
  it("lets a release tag be made, and never moved or deleted", () => {
    expect(tagRules()).toEqual({ update: true, deletion: true, nonFastForward: true });
  });
});
