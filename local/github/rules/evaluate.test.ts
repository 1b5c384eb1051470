import { describe, expect, test } from "vitest";
import { type Actor, atLeast, evaluate, pushMessage, type RefUpdate, restMessage } from "./evaluate.ts";
import { problems, type Rule, RulesetInput } from "./schema.ts";

const somebody: Actor = { organizationAdmin: false, level: "write", teams: [7], integration: undefined };

function update(more: Partial<RefUpdate> = {}): RefUpdate {
  const unasked = () => {
    throw new Error("no rule needs this");
  };
  return {
    ref: "refs/heads/main",
    kind: "update",
    fastForward: unasked,
    introducesMergeCommit: unasked,
    checkPassed: unasked,
    ...more,
  };
}

function ruleset(rules: unknown[], more: object = {}): RulesetInput {
  const conditions = { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } };
  return RulesetInput.parse({ name: "protection", enforcement: "active", conditions, rules, ...more });
}

function messages(
  rule: unknown,
  change: Partial<RefUpdate> = {},
  actor = somebody,
  more: object = {},
): string[] {
  return evaluate([ruleset([rule], more)], update(change), actor, "main").map(({ message }) => message);
}

describe("rules", () => {
  test("creation, update and deletion refuse just that", () => {
    const kinds = ["creation", "update", "deletion"] as const;
    for (const type of kinds) {
      const refused = kinds.filter((kind) => messages({ type }, { kind }).length > 0);
      expect(refused).toEqual([type]);
    }
  });

  test("non_fast_forward refuses an update that loses commits", () => {
    expect(messages({ type: "non_fast_forward" }, { fastForward: () => false })).toEqual([
      "Cannot force-push to this protected ref.",
    ]);
    expect(messages({ type: "non_fast_forward" }, { fastForward: () => true })).toEqual([]);
    expect(messages({ type: "non_fast_forward" }, { kind: "creation" })).toEqual([]);
  });

  test("required_linear_history refuses merge commits, also in a new ref", () => {
    const rule = { type: "required_linear_history" };
    expect(messages(rule, { kind: "creation", introducesMergeCommit: () => true })).toHaveLength(1);
    expect(messages(rule, { introducesMergeCommit: () => false })).toEqual([]);
    expect(messages(rule, { kind: "deletion" })).toEqual([]);
  });

  test("pull_request refuses pushes, and merges without enough approvals", () => {
    const rule = {
      type: "pull_request",
      parameters: { required_approving_review_count: 2, allowed_merge_methods: ["squash"] },
    };
    expect(messages(rule)).toEqual(["Changes must be made through a pull request."]);
    expect(messages(rule, { kind: "deletion" })).toEqual([]);
    const merge = { method: "merge" as const, approvals: 1, changesRequested: true, upToDate: true };
    expect(messages(rule, { merge })).toEqual([
      "At least 2 approving reviews are required by reviewers with write access.",
      "Changes have been requested.",
      "Merge method merge is not allowed: use squash.",
    ]);
    expect(
      messages(rule, { merge: { ...merge, method: "squash", approvals: 2, changesRequested: false } }),
    ).toEqual([]);
  });

  test("required_status_checks asks for each context with its App", () => {
    const parameters = {
      required_status_checks: [{ context: "build", integration_id: 5 }, { context: "lint" }],
      strict_required_status_checks_policy: true,
      do_not_enforce_on_create: true,
    };
    const rule = { type: "required_status_checks", parameters };
    const asked: unknown[] = [];
    const checkPassed = (context: string, app: number | undefined) => {
      asked.push([context, app]);
      return context === "lint";
    };
    expect(messages(rule, { checkPassed })).toEqual(['Required status check "build" is expected.']);
    expect(asked).toEqual([
      ["build", 5],
      ["lint", undefined],
    ]);
    expect(messages(rule, { checkPassed: () => false })).toEqual([
      "2 of 2 required status checks are expected.",
    ]);
    expect(messages(rule, { kind: "creation" })).toEqual([]);
    const merge = { method: "merge" as const, approvals: 0, changesRequested: false, upToDate: false };
    expect(messages(rule, { merge, checkPassed: () => true })).toEqual([
      "Head branch is not up to date with the base branch.",
    ]);
  });

  test("name patterns judge new refs", () => {
    const conditions = { ref_name: { include: ["~ALL"], exclude: [] } };
    const judge = (ref: string, parameters: object) =>
      messages(
        { type: "branch_name_pattern", parameters },
        { ref: `refs/heads/${ref}`, kind: "creation" },
        somebody,
        { conditions },
      ).length === 0;
    expect(judge("feature/a", { operator: "starts_with", pattern: "feature/" })).toBe(true);
    expect(judge("a", { operator: "starts_with", pattern: "feature/" })).toBe(false);
    expect(judge("a-wip", { operator: "ends_with", pattern: "-wip", negate: true })).toBe(false);
    expect(judge("a-b", { operator: "contains", pattern: "-" })).toBe(true);
    expect(judge("v1", { operator: "regex", pattern: "^v\\d$" })).toBe(true);
  });

  test("what cannot be enforced here is kept and refuses nothing", () => {
    expect(messages({ type: "required_signatures" })).toEqual([]);
  });
});

describe("which rulesets count", () => {
  const rule: Rule = { type: "update" };

  test("only active ones that name the ref and its kind", () => {
    expect(messages(rule, {}, somebody, { enforcement: "disabled" })).toEqual([]);
    expect(messages(rule, {}, somebody, { enforcement: "evaluate" })).toEqual([]);
    expect(messages(rule, { ref: "refs/heads/next" })).toEqual([]);
    expect(
      messages(rule, { ref: "refs/tags/main" }, somebody, {
        conditions: { ref_name: { include: ["~ALL"], exclude: [] } },
      }),
    ).toEqual([]);
    expect(messages(rule, {}, somebody, { conditions: {} })).toEqual([]);
  });

  const merge = { method: "merge" as const, approvals: 0, changesRequested: false, upToDate: true };
  test.each([
    ["the App", { actor_type: "Integration", actor_id: 5 }, { integration: 5 }, { integration: 6 }],
    [
      "an owner",
      { actor_type: "OrganizationAdmin", actor_id: 1 },
      { organizationAdmin: true },
      { level: "admin" },
    ],
    ["a team", { actor_type: "Team", actor_id: 7 }, { teams: [3, 7] }, { teams: [3] }],
    ["a role", { actor_type: "RepositoryRole", actor_id: 2 }, { level: "maintain" }, { level: "write" }],
    [
      "a role, not an App",
      { actor_type: "RepositoryRole", actor_id: 4 },
      { level: "write" },
      { level: "write", integration: 5 },
    ],
  ] as const)("%s that is listed bypasses, another does not", (_name, listed, who, other) => {
    const more = { bypass_actors: [listed] };
    expect(messages(rule, {}, { ...somebody, ...who }, more)).toEqual([]);
    expect(messages(rule, {}, { ...somebody, teams: [], ...other }, more)).toHaveLength(1);
    const merging = { bypass_actors: [{ ...listed, bypass_mode: "pull_request" }] };
    expect(messages(rule, {}, { ...somebody, ...who }, merging)).toHaveLength(1);
    expect(messages(rule, { merge }, { ...somebody, ...who }, merging)).toEqual([]);
  });

  test("an owner who is not listed does not bypass", () => {
    expect(messages(rule, {}, { ...somebody, organizationAdmin: true, level: "admin" })).toHaveLength(1);
  });
});

test("levels are ordered", () => {
  expect(atLeast("admin", "write")).toBe(true);
  expect(atLeast("triage", "write")).toBe(false);
  expect(atLeast("none", "read")).toBe(false);
});

test("messages are in GitHub's words", () => {
  const violations = [
    { ruleset: "r", rule: "update" as const, message: "Cannot update this protected ref." },
  ];
  expect(pushMessage("refs/heads/main", violations, "http://x")).toEqual([
    "error: GH013: Repository rule violations found for refs/heads/main.",
    "Review all repository rules at http://x",
    "",
    "- Cannot update this protected ref.",
    "",
  ]);
  expect(restMessage(violations)).toBe(
    "Repository rule violations found\n\nCannot update this protected ref.\n\n",
  );
});

test("all problems of a ruleset are named, with what was found", () => {
  const body = {
    enforcement: "on",
    target: "branch",
    rules: [{ type: "pull_request", parameters: { required_approving_review_count: 11 } }],
  };
  const result = RulesetInput.safeParse(body);
  expect(result.success ? [] : problems(result.error, body).map(({ field }) => field)).toEqual([
    "name",
    "enforcement",
    "rules.0.parameters.required_approving_review_count",
  ]);
});
