/** The rules of the policy pack, as the stack file names them. What each is about: docs/policies.md. */
export const POLICY_NAMES = [
  "no-public-bucket",
  "buckets-guarded",
  "encrypted-at-rest",
  "queues-demand-tls",
  "no-wildcard-iam",
  "users-only-take-roles",
  "builds-without-credentials",
  "runners-unprivileged",
  "webhooks-signed",
  "branches-protected",
  "reviews-required",
  "bypass-allow-list",
  "tags-protected",
  "repositories-kept",
  "dead-letters",
  "function-alarms",
  "function-logs-kept",
  "required-tags",
  "known-types",
] as const;

export type PolicyName = (typeof POLICY_NAMES)[number];
