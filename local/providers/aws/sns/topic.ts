import type { SNS } from "@aws-sdk/client-sns";
import type { TopicArgs } from "@pulumi/aws/sns/topic.js";
import type { TopicPolicyArgs } from "@pulumi/aws/sns/topicPolicy.js";
import type { Inputs } from "../../framework/resource.ts";
import { given, retag, type Tags, tagList, tagMap, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";

export const NO_TOPIC = ["NotFound", "NotFoundException"] as const;

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
}

function outputsOf(arn: string, tags: Tags | undefined) {
  return { arn, owner: accountOf(arn), tagsAll: tags ?? {} };
}

export const topic: AwsResource<TopicArgs> = {
  type: "aws:sns/topic:Topic",
  properties: { name: { required: true, replace: true }, displayName: {}, tags: {} },
  deleteBeforeReplace: true,
  async create(context, { name = "", displayName, tags }) {
    const sns = await context.sns();
    const { TopicArn } = await sns.createTopic({
      Name: name,
      Tags: tagList(tags),
      ...(displayName ? { Attributes: { DisplayName: displayName } } : {}),
    });
    const arn = given(TopicArn, "topic ARN");
    return { id: arn, outputs: outputsOf(arn, tags) };
  },
  async read(context, arn) {
    const sns = await context.sns();
    const found = await unlessGone(sns.getTopicAttributes({ TopicArn: arn }), ...NO_TOPIC);
    if (found === undefined) return undefined;
    const tags = tagMap((await sns.listTagsForResource({ ResourceArn: arn })).Tags);
    return {
      inputs: { name: lastPart(arn), displayName: found.Attributes?.DisplayName || undefined, tags },
      outputs: outputsOf(arn, tags),
    };
  },
  async update(context, arn, { displayName, tags }, prior) {
    const sns = await context.sns();
    await sns.setTopicAttributes({
      TopicArn: arn,
      AttributeName: "DisplayName",
      AttributeValue: displayName ?? "",
    });
    await retag(
      prior.inputs.tags,
      tags,
      (set) => sns.tagResource({ ResourceArn: arn, Tags: tagList(set) }),
      (TagKeys) => sns.untagResource({ ResourceArn: arn, TagKeys }),
    );
    return outputsOf(arn, tags);
  },
  async delete(context, arn) {
    await unlessGone((await context.sns()).deleteTopic({ TopicArn: arn }), ...NO_TOPIC);
  },
};

function policyText({ policy }: Inputs<TopicPolicyArgs>): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy);
}

async function putPolicy(sns: SNS, arn: string, policy: string): Promise<void> {
  await sns.setTopicAttributes({ TopicArn: arn, AttributeName: "Policy", AttributeValue: policy });
}

/** A topic always has a policy: this is the one that a new topic gets, for its owner alone. */
function ownersPolicy(arn: string): string {
  const actions = ["GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission"];
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [...actions, "DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish"].map(
          (action) => `SNS:${action}`,
        ),
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": accountOf(arn) } },
      },
    ],
  });
}

export const topicPolicy: AwsResource<TopicPolicyArgs> = {
  type: "aws:sns/topicPolicy:TopicPolicy",
  properties: {
    arn: { required: true, replace: true },
    policy: { required: true, json: true, unordered: true },
  },
  async create(context, inputs) {
    await putPolicy(await context.sns(), inputs.arn, policyText(inputs));
    return { id: inputs.arn, outputs: { owner: accountOf(inputs.arn) } };
  },
  async read(context, arn) {
    const sns = await context.sns();
    const found = await unlessGone(sns.getTopicAttributes({ TopicArn: arn }), ...NO_TOPIC);
    const policy = found?.Attributes?.Policy;
    return policy ? { inputs: { arn, policy }, outputs: { owner: accountOf(arn) } } : undefined;
  },
  async update(context, arn, inputs) {
    await putPolicy(await context.sns(), arn, policyText(inputs));
    return { owner: accountOf(arn) };
  },
  async delete(context, arn) {
    await unlessGone(putPolicy(await context.sns(), arn, ownersPolicy(arn)), ...NO_TOPIC);
  },
};
