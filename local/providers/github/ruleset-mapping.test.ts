import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type RulesetInputs,
  rulesetBody,
  rulesetInputs,
  rulesFromRest,
  rulesToRest,
} from "./ruleset-mapping.ts";

const word = fc.string({ minLength: 1, maxLength: 8 });
const flag = fc.boolean();
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const pattern = fc.record(
  {
    name: word,
    negate: flag,
    operator: fc.constantFrom("starts_with", "ends_with", "contains", "regex"),
    pattern: word,
  },
  { requiredKeys: ["operator", "pattern"] },
);
const pullRequest = fc.record(
  {
    allowedMergeMethods: fc.subarray(["merge", "squash", "rebase"], { minLength: 1 }),
    dismissStaleReviewsOnPush: flag,
    requireCodeOwnerReview: flag,
    requireLastPushApproval: flag,
    requiredApprovingReviewCount: fc.nat(10),
    requiredReviewThreadResolution: flag,
  },
  { requiredKeys: [] },
);
const check = fc.record(
  { context: word, integrationId: fc.integer({ min: 1 }) },
  { requiredKeys: ["context"] },
);
const statusChecks = fc.record(
  {
    requiredChecks: fc.uniqueArray(check, { selector: ({ context }) => context, minLength: 1, maxLength: 3 }),
    doNotEnforceOnCreate: flag,
    strictRequiredStatusChecksPolicy: flag,
  },
  { requiredKeys: ["requiredChecks"] },
);
const mergeQueue = fc.record(
  {
    checkResponseTimeoutMinutes: fc.integer({ min: 1, max: 360 }),
    groupingStrategy: fc.constantFrom("ALLGREEN", "HEADGREEN"),
    maxEntriesToBuild: fc.nat(100),
    maxEntriesToMerge: fc.nat(100),
    mergeMethod: fc.constantFrom("MERGE", "SQUASH", "REBASE"),
    minEntriesToMerge: fc.nat(100),
    minEntriesToMergeWaitMinutes: fc.nat(360),
  },
  { requiredKeys: [] },
);
const rules = fc.record(
  {
    creation: flag,
    update: flag,
    deletion: flag,
    nonFastForward: flag,
    requiredLinearHistory: flag,
    requiredSignatures: flag,
    branchNamePattern: pattern,
    commitMessagePattern: pattern,
    pullRequest,
    requiredStatusChecks: statusChecks,
    mergeQueue,
    maxFileSize: fc.record({ maxFileSize: fc.integer({ min: 1, max: 100 }) }),
    filePathRestriction: fc.record({ restrictedFilePaths: fc.uniqueArray(word, { minLength: 1 }) }),
    requiredCodeScanning: fc.record({
      requiredCodeScanningTools: fc.uniqueArray(
        fc.record({ alertsThreshold: word, securityAlertsThreshold: word, tool: word }),
        { selector: ({ tool }) => tool, minLength: 1, maxLength: 2 },
      ),
    }),
  },
  { requiredKeys: [] },
);
const actor = fc.record(
  {
    actorId: fc.integer({ min: 1 }),
    actorType: fc.constantFrom("Team", "Integration", "OrganizationAdmin"),
    bypassMode: fc.constantFrom("always", "pull_request"),
  },
  { requiredKeys: ["actorId", "actorType", "bypassMode"] },
);
const ruleset: fc.Arbitrary<RulesetInputs> = fc
  .record({
    name: word,
    repository: word,
    target: fc.constantFrom("branch", "tag"),
    enforcement: fc.constantFrom("active", "evaluate", "disabled"),
    bypassActors: optional(
      fc.uniqueArray(actor, {
        // The owners of the organization are one actor, whatever the number.
        selector: ({ actorId, actorType }) =>
          actorType === "OrganizationAdmin" ? actorType : `${actorType}${actorId}`,
        minLength: 1,
        maxLength: 3,
      }),
    ),
    conditions: optional(
      fc.record({ refName: fc.record({ includes: fc.uniqueArray(word), excludes: fc.uniqueArray(word) }) }),
    ),
    rules,
  })
  .map((inputs) => JSON.parse(JSON.stringify(inputs)) as RulesetInputs);

describe("a ruleset, there and back", () => {
  it("is what the program wrote, whatever it left out and in whatever order", () => {
    fc.assert(
      fc.property(ruleset, (inputs) => {
        const body = rulesetBody(inputs);
        const shuffled = {
          ...body,
          bypass_actors: body.bypass_actors.toReversed(),
          rules: body.rules.toReversed(),
        };
        expect(rulesetInputs(inputs.repository, shuffled, inputs)).toEqual(inputs);
      }),
    );
  });

  it("means the same rules when it is imported", () => {
    fc.assert(
      fc.property(ruleset, (inputs) => {
        const body = rulesetBody(inputs);
        expect(rulesetBody(rulesetInputs(inputs.repository, body, undefined)).rules).toEqual(body.rules);
      }),
    );
  });
});

describe("rulesToRest", () => {
  it("names what GitHub requires of each rule, in GitHub's words", () => {
    const list = rulesToRest({
      deletion: true,
      creation: false,
      update: true,
      pullRequest: { requiredApprovingReviewCount: 2 },
      requiredStatusChecks: { requiredChecks: [{ context: "build", integrationId: 7 }] },
      requiredCodeScanning: {
        requiredCodeScanningTools: [
          { tool: "CodeQL", alertsThreshold: "all", securityAlertsThreshold: "none" },
        ],
      },
    });
    expect(list).toEqual([
      { type: "deletion" },
      { type: "update", parameters: { update_allows_fetch_and_merge: false } },
      {
        type: "pull_request",
        parameters: {
          allowed_merge_methods: ["merge", "squash", "rebase"],
          dismiss_stale_reviews_on_push: false,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_approving_review_count: 2,
          required_review_thread_resolution: false,
        },
      },
      {
        type: "code_scanning",
        parameters: {
          code_scanning_tools: [
            { tool: "CodeQL", alerts_threshold: "all", security_alerts_threshold: "none" },
          ],
        },
      },
      {
        type: "required_status_checks",
        parameters: {
          do_not_enforce_on_create: false,
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: "build", integration_id: 7 }],
        },
      },
    ]);
  });
});

describe("rulesFromRest", () => {
  it("shows a rule that the SDK does not know", () => {
    expect(rulesFromRest([{ type: "code_quality", parameters: { min_level: 1 } }])).toEqual({
      codeQuality: { minLevel: 1 },
    });
  });
});

describe("rulesetInputs", () => {
  const inputs: RulesetInputs = {
    name: "main",
    repository: "board",
    target: "branch",
    enforcement: "active",
    rules: { deletion: true },
    bypassActors: [{ actorType: "OrganizationAdmin", bypassMode: "always" }],
  };

  it("takes the owners of an organization for the same actor, numbered or not", () => {
    const bypass_actors = [{ actor_id: 1, actor_type: "OrganizationAdmin", bypass_mode: "always" }];
    expect(rulesetInputs("board", { ...rulesetBody(inputs), bypass_actors }, inputs)).toEqual(inputs);
  });

  it("shows one more actor, and one that may do more", () => {
    const one = { actor_id: null, actor_type: "DeployKey", bypass_mode: "always" };
    const body = rulesetBody(inputs);
    const more = rulesetInputs("board", { ...body, bypass_actors: [...body.bypass_actors, one] }, inputs);
    expect(more.bypassActors).toEqual([
      { actorType: "OrganizationAdmin", bypassMode: "always" },
      { actorType: "DeployKey", bypassMode: "always" },
    ]);
    const prior: RulesetInputs = {
      ...inputs,
      bypassActors: [{ actorType: "OrganizationAdmin", bypassMode: "pull_request" }],
    };
    expect(rulesetInputs("board", body, prior).bypassActors).toEqual(inputs.bypassActors);
  });

  it("sends an empty list for no actors, so that an edit takes the old ones away", () => {
    const { bypassActors: _, ...none } = inputs;
    expect(rulesetBody(none).bypass_actors).toEqual([]);
  });
});
