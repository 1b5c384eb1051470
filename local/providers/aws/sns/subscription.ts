import type { TopicSubscriptionArgs } from "@pulumi/aws/sns/topicSubscription.js";
import type { Inputs } from "../../framework/resource.ts";
import { given, hasCode, unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";
import { NO_TOPIC } from "./topic.ts";

/** How a filter is taken away: the attribute cannot be. */
const NO_FILTER = "{}";

type Subscription = Inputs<TopicSubscriptionArgs>;

function outputsOf(arn: string, attributes: Readonly<Record<string, string>>) {
  return {
    arn,
    ownerId: attributes.Owner,
    pendingConfirmation: attributes.PendingConfirmation === "true",
    confirmationWasAuthenticated: attributes.ConfirmationWasAuthenticated === "true",
  };
}

/** Raw delivery is meant for queues, functions and HTTP; SNS refuses the attribute for mail. */
function attributesOf({ rawMessageDelivery, filterPolicy, filterPolicyScope, redrivePolicy }: Subscription) {
  return {
    ...(rawMessageDelivery ? { RawMessageDelivery: "true" } : {}),
    ...(filterPolicy ? { FilterPolicy: filterPolicy } : {}),
    ...(filterPolicyScope ? { FilterPolicyScope: filterPolicyScope } : {}),
    ...(redrivePolicy ? { RedrivePolicy: redrivePolicy } : {}),
  };
}

export const topicSubscription: AwsResource<TopicSubscriptionArgs> = {
  type: "aws:sns/topicSubscription:TopicSubscription",
  properties: {
    topic: { required: true, replace: true },
    protocol: { required: true, replace: true },
    endpoint: { required: true, replace: true },
    rawMessageDelivery: { default: false },
    filterPolicy: { json: true },
    filterPolicyScope: {},
    redrivePolicy: { json: true },
  },
  async create(context, inputs) {
    const sns = await context.sns();
    const { SubscriptionArn } = await sns.subscribe({
      TopicArn: inputs.topic as string,
      Protocol: inputs.protocol,
      Endpoint: inputs.endpoint,
      Attributes: attributesOf(inputs),
      // A mail address has to be confirmed first, and without this its subscription has no ARN until then.
      ReturnSubscriptionArn: true,
    });
    const arn = given(SubscriptionArn, "subscription ARN");
    const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn: arn });
    return { id: arn, outputs: outputsOf(arn, Attributes ?? {}) };
  },
  async read(context, arn) {
    const sns = await context.sns();
    const found = await unlessGone(sns.getSubscriptionAttributes({ SubscriptionArn: arn }), ...NO_TOPIC);
    if (found === undefined) return undefined;
    const attributes = found.Attributes ?? {};
    const filtered = ![undefined, "", NO_FILTER].includes(attributes.FilterPolicy);
    return {
      inputs: {
        topic: given(attributes.TopicArn, "topic ARN"),
        protocol: given(attributes.Protocol, "protocol"),
        endpoint: given(attributes.Endpoint, "endpoint"),
        rawMessageDelivery: attributes.RawMessageDelivery === "true",
        filterPolicy: filtered ? attributes.FilterPolicy : undefined,
        filterPolicyScope: filtered ? attributes.FilterPolicyScope : undefined,
        redrivePolicy: attributes.RedrivePolicy || undefined,
      },
      outputs: outputsOf(arn, attributes),
    };
  },
  async update(context, arn, inputs) {
    const sns = await context.sns();
    const attributes = {
      RawMessageDelivery: inputs.rawMessageDelivery ? "true" : "false",
      FilterPolicy: inputs.filterPolicy ?? NO_FILTER,
      RedrivePolicy: inputs.redrivePolicy ?? "",
    };
    for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
      await sns.setSubscriptionAttributes({ SubscriptionArn: arn, AttributeName, AttributeValue });
    }
    const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn: arn });
    return outputsOf(arn, Attributes ?? {});
  },
  async delete(context, arn, { outputs }) {
    try {
      await (await context.sns()).unsubscribe({ SubscriptionArn: arn });
    } catch (error) {
      if (hasCode(error, ...NO_TOPIC)) return;
      // AWS drops a subscription that was never confirmed by itself, and refuses to be told to.
      if (hasCode(error, "InvalidParameter") && outputs.pendingConfirmation === true) return;
      throw error;
    }
  },
};
