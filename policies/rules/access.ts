import type { ResourceRule } from "./rule.ts";
import { opensDownloads, policyStatements } from "./statements.ts";

/** Which property of which type is a policy document. */
export const POLICY_DOCUMENTS: Readonly<Record<string, string>> = {
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/role:Role": "assumeRolePolicy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
};

/** AWS takes these for every resource only. */
const WITHOUT_RESOURCE: readonly string[] = ["ecr:GetAuthorizationToken"];

const isWildAction = (action: string) => action === "*" || action.endsWith(":*");

export const noWildcardIam: ResourceRule = {
  name: "no-wildcard-iam",
  description: "No policy allows every action, every resource or everybody",
  reason: "What a function or a runner may do is what somebody who breaks into it may do.",
  fix: "Name the actions and the ARNs; see components/plan/policy.ts.",
  severity: "critical",
  level: "mandatory",
  check: ({ type, props }) => {
    const property = POLICY_DOCUMENTS[type];
    if (property === undefined) return [];
    return policyStatements(props[property])
      .filter(({ effect }) => effect === "Allow")
      .filter((statement) => !opensDownloads(statement))
      .flatMap(({ sid, actions, resources, principals, inverted }) => [
        ...actions.filter(isWildAction).map((action) => `statement ${sid} allows the action ${action}`),
        ...(resources.includes("*") && !actions.every((action) => WITHOUT_RESOURCE.includes(action))
          ? [`statement ${sid} allows every resource`]
          : []),
        ...(principals.includes("*") ? [`statement ${sid} allows everybody`] : []),
        ...(inverted ? [`statement ${sid} allows all but what it names (NotAction, NotResource)`] : []),
      ]);
  },
};
