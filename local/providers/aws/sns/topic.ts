import type { TopicArgs } from "@pulumi/aws/sns/topic.js";
import { given, retag, type Tags, tagList, tagMap, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";

export const NO_TOPIC = ["NotFound", "NotFoundException"] as const;

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

export function accountOf(arn: string): string {
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
