import { z } from "zod";

const NamePattern = z.object({
  name: z.string().optional(),
  negate: z.boolean().default(false),
  operator: z.enum(["starts_with", "ends_with", "contains", "regex"]),
  pattern: z.string().min(1),
});

const PullRequestParameters = z.object({
  allowed_merge_methods: z.array(z.enum(["merge", "squash", "rebase"])).optional(),
  automatic_copilot_code_review_enabled: z.boolean().optional(),
  dismiss_stale_reviews_on_push: z.boolean().default(false),
  require_code_owner_review: z.boolean().default(false),
  require_last_push_approval: z.boolean().default(false),
  required_approving_review_count: z.int().min(0).max(10).default(0),
  required_review_thread_resolution: z.boolean().default(false),
  required_reviewers: z.array(z.unknown()).optional(),
});

const StatusCheckParameters = z.object({
  do_not_enforce_on_create: z.boolean().default(false),
  required_status_checks: z.array(
    z.object({ context: z.string().min(1), integration_id: z.int().nullish() }),
  ),
  strict_required_status_checks_policy: z.boolean().default(false),
});

const bare = <const Type extends string>(type: Type) => z.strictObject({ type: z.literal(type) });
const named = <const Type extends string>(type: Type) =>
  z.strictObject({ type: z.literal(type), parameters: NamePattern });

const Enforced = [
  bare("creation"),
  z.strictObject({
    type: z.literal("update"),
    parameters: z.object({ update_allows_fetch_and_merge: z.boolean().default(false) }).optional(),
  }),
  bare("deletion"),
  bare("non_fast_forward"),
  bare("required_linear_history"),
  z.strictObject({ type: z.literal("pull_request"), parameters: PullRequestParameters }),
  z.strictObject({ type: z.literal("required_status_checks"), parameters: StatusCheckParameters }),
  named("branch_name_pattern"),
  named("tag_name_pattern"),
] as const;

/** GitHub knows these; they are kept and shown, but nothing here enforces them. */
const Kept = [
  "required_signatures",
  "required_deployments",
  "commit_message_pattern",
  "commit_author_email_pattern",
  "committer_email_pattern",
  "merge_queue",
  "workflows",
  "code_scanning",
  "file_path_restriction",
  "max_file_path_length",
  "file_extension_restriction",
  "max_file_size",
] as const;

export const Rule = z.discriminatedUnion("type", [
  ...Enforced,
  z.strictObject({ type: z.enum(Kept), parameters: z.record(z.string(), z.unknown()).optional() }),
]);
export type Rule = z.infer<typeof Rule>;

export const BypassActor = z.object({
  actor_id: z.int().nullish(),
  actor_type: z.enum(["Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey"]),
  bypass_mode: z.enum(["always", "pull_request", "exempt"]).default("always"),
});
export type BypassActor = z.infer<typeof BypassActor>;

const fields = {
  name: z.string().min(1),
  target: z.enum(["branch", "tag"]).default("branch"),
  enforcement: z.enum(["active", "disabled", "evaluate"]),
  bypass_actors: z.array(BypassActor).default([]),
  conditions: z
    .object({
      ref_name: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }).optional(),
    })
    .default({}),
  rules: z.array(Rule).default([]),
};

/** The body of `POST /repos/{owner}/{repo}/rulesets`. */
export const RulesetInput = z.object(fields);
export type RulesetInput = z.infer<typeof RulesetInput>;

/** The body of `PUT …/rulesets/{id}`: what is missing stays as it is. */
export const RulesetChange = z.object({
  name: fields.name.optional(),
  target: z.enum(["branch", "tag"]).optional(),
  enforcement: fields.enforcement.optional(),
  bypass_actors: z.array(BypassActor).optional(),
  conditions: fields.conditions.unwrap().optional(),
  rules: z.array(Rule).optional(),
});

/** Each problem with the path of its field, what was found and what is expected, as GitHub lists errors. */
export function problems(error: z.ZodError, input: unknown): { field: string; message: string }[] {
  return error.issues.map((issue) => {
    const field = issue.path.join(".");
    const found = issue.path.reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
      input,
    );
    return { field, message: `${field}: found ${JSON.stringify(found) ?? "nothing"}; ${issue.message}` };
  });
}
