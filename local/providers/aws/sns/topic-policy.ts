import type { TopicPolicyArgs } from "@pulumi/aws/sns/topicPolicy.js";
import { unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";
import { accountOf, NO_TOPIC } from "./topic.ts";

/** What a topic has that nobody gave a policy: its own account may do with it what it likes. */
function defaultPolicy(arn: string): string {
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": accountOf(arn) } },
      },
    ],
  });
}

function isDefault(policy: string): boolean {
  return policy.includes('"__default_policy_ID"');
}

async function put(context: AwsContext, arn: string, policy: string): Promise<void> {
  const sns = await context.sns();
  await sns.setTopicAttributes({ TopicArn: arn, AttributeName: "Policy", AttributeValue: policy });
}

export const topicPolicy: AwsResource<TopicPolicyArgs> = {
  type: "aws:sns/topicPolicy:TopicPolicy",
  properties: {
    arn: { required: true, replace: true },
    policy: { required: true, json: true, unordered: true },
  },
  async create(context, { arn, policy }) {
    await put(context, arn, policy as string);
    return { id: arn, outputs: { owner: accountOf(arn) } };
  },
  async read(context, arn) {
    const sns = await context.sns();
    const found = await unlessGone(sns.getTopicAttributes({ TopicArn: arn }), ...NO_TOPIC);
    const policy = found?.Attributes?.Policy;
    if (!policy || isDefault(policy)) return undefined;
    return { inputs: { arn, policy }, outputs: { owner: accountOf(arn) } };
  },
  async update(context, arn, { policy }) {
    await put(context, arn, policy as string);
    return { owner: accountOf(arn) };
  },
  async delete(context, arn) {
    await unlessGone(put(context, arn, defaultPolicy(arn)), ...NO_TOPIC);
  },
};
