import type { QueuePolicyArgs } from "@pulumi/aws/sqs/queuePolicy.js";
import type { RedriveAllowPolicyArgs } from "@pulumi/aws/sqs/redriveAllowPolicy.js";
import type { Inputs } from "../../framework/resource.ts";
import { unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";
import { NO_QUEUE } from "./queue.ts";

interface Attribute<Args extends object> {
  readonly type: string;
  readonly properties: AwsResource<Args>["properties"];
  readonly name: "Policy" | "RedriveAllowPolicy";
  text(inputs: Inputs<Args>): string;
  inputs(queueUrl: string, text: string): Inputs<Args>;
}

/** A resource that is one attribute of a queue: its id is the queue's URL, and deleting it empties the attribute. */
function queueAttribute<Args extends object>(attribute: Attribute<Args>): AwsResource<Args> {
  const { name, type, properties } = attribute;
  const put = async (context: AwsContext, QueueUrl: string, text: string) =>
    (await context.sqs()).setQueueAttributes({ QueueUrl, Attributes: { [name]: text } });
  return {
    type,
    properties,
    async create(context, inputs) {
      const url = String((inputs as { queueUrl: unknown }).queueUrl);
      await put(context, url, attribute.text(inputs));
      return { id: url, outputs: {} };
    },
    async read(context, url) {
      const sqs = await context.sqs();
      const asked = sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: [name] });
      const text = (await unlessGone(asked, ...NO_QUEUE))?.Attributes?.[name];
      return text ? { inputs: attribute.inputs(url, text), outputs: {} } : undefined;
    },
    async update(context, url, inputs) {
      await put(context, url, attribute.text(inputs));
      return {};
    },
    async delete(context, url) {
      await unlessGone(put(context, url, ""), ...NO_QUEUE);
    },
  };
}

export const queuePolicy = queueAttribute<QueuePolicyArgs>({
  type: "aws:sqs/queuePolicy:QueuePolicy",
  properties: {
    queueUrl: { required: true, replace: true },
    policy: { required: true, json: true, unordered: true },
  },
  name: "Policy",
  text: ({ policy }) => (typeof policy === "string" ? policy : JSON.stringify(policy)),
  inputs: (queueUrl, policy) => ({ queueUrl, policy }),
});

export const redriveAllowPolicy = queueAttribute<RedriveAllowPolicyArgs>({
  type: "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
  properties: {
    queueUrl: { required: true, replace: true },
    redriveAllowPolicy: { required: true, json: true, unordered: true },
  },
  name: "RedriveAllowPolicy",
  text: (inputs) => inputs.redriveAllowPolicy,
  inputs: (queueUrl, redriveAllowPolicy) => ({ queueUrl, redriveAllowPolicy }),
});
