import type { QueueAttributeName, SQS } from "@aws-sdk/client-sqs";
import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import { AlreadyExists } from "../../framework/errors.ts";
import type { Inputs } from "../../framework/resource.ts";
import { given, hasCode, retag, type Tags, tagMap, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";

export const NO_QUEUE = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"] as const;

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** All of them, always: what is left out of an update stays as it is, so a removed redrive policy is an empty text. */
function toAttributes(inputs: Inputs<QueueArgs>): Attributes {
  return {
    DelaySeconds: String(inputs.delaySeconds ?? 0),
    MaximumMessageSize: String(inputs.maxMessageSize ?? 262_144),
    MessageRetentionPeriod: String(inputs.messageRetentionSeconds ?? 345_600),
    ReceiveMessageWaitTimeSeconds: String(inputs.receiveWaitTimeSeconds ?? 0),
    VisibilityTimeout: String(inputs.visibilityTimeoutSeconds ?? 30),
    SqsManagedSseEnabled: String(inputs.sqsManagedSseEnabled ?? true),
    RedrivePolicy: inputs.redrivePolicy ?? "",
  };
}

function number(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function nameOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}

function outputsOf(url: string, arn: string | undefined, tags: Tags | undefined) {
  return { url, arn: given(arn, "queue ARN"), tagsAll: tags ?? {} };
}

async function arnOf(sqs: SQS, url: string): Promise<string | undefined> {
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ["QueueArn"] });
  return Attributes?.QueueArn;
}

export const queue: AwsResource<QueueArgs> = {
  type: "aws:sqs/queue:Queue",
  properties: {
    name: { required: true, replace: true },
    delaySeconds: { default: 0 },
    maxMessageSize: { default: 262_144 },
    messageRetentionSeconds: { default: 345_600 },
    receiveWaitTimeSeconds: { default: 0 },
    visibilityTimeoutSeconds: { default: 30 },
    sqsManagedSseEnabled: { default: true },
    redrivePolicy: { json: true },
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, inputs) {
    const sqs = await context.sqs();
    const { name = "", tags } = inputs;
    const { RedrivePolicy, ...attributes } = toAttributes(inputs);
    try {
      const { QueueUrl } = await sqs.createQueue({
        QueueName: name,
        Attributes: RedrivePolicy ? { ...attributes, RedrivePolicy } : attributes,
        ...(tags ? { tags } : {}),
      });
      const url = given(QueueUrl, "queue URL");
      return { id: url, outputs: outputsOf(url, await arnOf(sqs, url), tags) };
    } catch (error) {
      if (!hasCode(error, "QueueNameExists", "QueueAlreadyExists")) throw error;
      const { QueueUrl } = await sqs.getQueueUrl({ QueueName: name });
      throw new AlreadyExists(given(QueueUrl, "queue URL"), error);
    }
  },
  async read(context, url) {
    const sqs = await context.sqs();
    const found = await unlessGone(
      sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ["All"] }),
      ...NO_QUEUE,
    );
    if (found === undefined) return undefined;
    const attributes = found.Attributes ?? {};
    const tags = tagMap((await sqs.listQueueTags({ QueueUrl: url })).Tags);
    return {
      inputs: {
        name: nameOf(url),
        delaySeconds: number(attributes.DelaySeconds),
        maxMessageSize: number(attributes.MaximumMessageSize),
        messageRetentionSeconds: number(attributes.MessageRetentionPeriod),
        receiveWaitTimeSeconds: number(attributes.ReceiveMessageWaitTimeSeconds),
        visibilityTimeoutSeconds: number(attributes.VisibilityTimeout),
        sqsManagedSseEnabled: attributes.SqsManagedSseEnabled === "true",
        redrivePolicy: attributes.RedrivePolicy || undefined,
        tags,
      },
      outputs: outputsOf(url, attributes.QueueArn, tags),
    };
  },
  async update(context, url, inputs, prior) {
    const sqs = await context.sqs();
    await sqs.setQueueAttributes({ QueueUrl: url, Attributes: toAttributes(inputs) });
    await retag(
      prior.inputs.tags,
      inputs.tags,
      (Tags) => sqs.tagQueue({ QueueUrl: url, Tags }),
      (TagKeys) => sqs.untagQueue({ QueueUrl: url, TagKeys }),
    );
    return outputsOf(url, await arnOf(sqs, url), inputs.tags);
  },
  async delete(context, url) {
    await unlessGone((await context.sqs()).deleteQueue({ QueueUrl: url }), ...NO_QUEUE);
  },
};
