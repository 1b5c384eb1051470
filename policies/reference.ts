import { RULES } from "./rules/all.ts";

const INTRODUCTION = `<!-- Made by \`npm run schema\` from policies/rules/. -->

# Policies

The policy pack in [policies/](../policies) judges what the program asks for: in every \`npm run preview\`, \`npm run up\`
and \`npm run audit\`, on the local stack as on AWS and GitHub. A mandatory policy that is violated stops an \`up\` before
the resource is touched, and makes an audit fail (exit code 4, [audit.md](audit.md)). Policies of the whole stack
(marked below) need all of it, so that an \`up\` without a preview before it finds out at its end.

Each rule is a pure function with a test that satisfies it and one that violates it. In a preview, a rule that meets a
value that only an update finds out cannot run: the engine lets it pass as advice, and the audit lists it under "Could
not be checked".

## Exceptions

A stack file can make a policy advisory for the whole stack, not be judged by it at all, or let one resource violate it
for a while:

\`\`\`yaml
hypriotos:policies:
  advisory: [reviews-required]
  disabled: [repositories-kept]
  exceptions:
    - policy: dead-letters
      resource: aws:sqs/queue:Queue::build-arm64
      reason: the queue moves to another account next week
      expires: 2027-01-31
\`\`\`

After its last day, in UTC, an exception is a violation again, and says what its reason was. Resources are named by type
and name in the program, as reports and \`npm run pulumi -- stack --show-urns\` show them.

Policies see what a program asks for, not what it asks for no more. That a repository would be deleted, not archived,
the audit finds in the preview and reports under \`repositories-kept\`.

With Pulumi's own CLI: \`pulumi up --policy-pack policies\`, for what the scripts add (\`--policy-pack-config\`) see
scripts/lib/policy-options.ts.
`;

/** docs/policies.md: a section for each rule. */
export function policiesReference(): string {
  const sections = RULES.map(({ name, description, reason, fix, severity, level, ...rule }) => {
    const scope = "check" in rule ? "each resource" : "the whole stack";
    return `## ${name}\n\n${description}.\n\n- ${level}, severity ${severity}, judges ${scope}\n- Why: ${reason}\n- To fix: ${fix}\n`;
  });
  return [INTRODUCTION, ...sections].join("\n");
}
