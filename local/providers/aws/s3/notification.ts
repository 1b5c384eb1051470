import type { Event, NotificationConfiguration, NotificationConfigurationFilter } from "@aws-sdk/client-s3";
import type { BucketNotificationArgs } from "@pulumi/aws/s3/bucketNotification.js";
import type { Fields, Inputs } from "../../framework/resource.ts";
import { bucketSetting } from "./setting.ts";

type Notification = Inputs<BucketNotificationArgs>;

interface Target {
  readonly id?: string | undefined;
  readonly events: string[];
  readonly filterPrefix?: string | undefined;
  readonly filterSuffix?: string | undefined;
}

interface Configured {
  readonly Id?: string | undefined;
  readonly Events?: string[] | undefined;
  readonly Filter?: NotificationConfigurationFilter | undefined;
}

function configured(target: Target) {
  const rules = [
    { Name: "prefix" as const, Value: target.filterPrefix },
    { Name: "suffix" as const, Value: target.filterSuffix },
  ].filter((rule) => rule.Value !== undefined && rule.Value !== "");
  return {
    ...(target.id === undefined ? {} : { Id: target.id }),
    Events: target.events as Event[],
    ...(rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules } } }),
  };
}

/** S3 invents an id where none was given: it is only told where the program gives ids. */
function target(entry: Configured, named: boolean) {
  const value = (name: string): string | undefined =>
    entry.Filter?.Key?.FilterRules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value;
  return {
    id: named ? entry.Id : undefined,
    events: entry.Events ?? [],
    filterPrefix: value("prefix"),
    filterSuffix: value("suffix"),
  };
}

function named(prior: readonly Target[] | undefined): boolean {
  return prior === undefined || prior.length === 0 || prior.some((entry) => entry.id !== undefined);
}

function toConfiguration({
  lambdaFunctions,
  queues,
  topics,
  eventbridge,
}: Notification): NotificationConfiguration {
  return {
    LambdaFunctionConfigurations: (lambdaFunctions ?? []).map((entry) => ({
      ...configured(entry),
      LambdaFunctionArn: entry.lambdaFunctionArn,
    })),
    QueueConfigurations: (queues ?? []).map((entry) => ({ ...configured(entry), QueueArn: entry.queueArn })),
    TopicConfigurations: (topics ?? []).map((entry) => ({ ...configured(entry), TopicArn: entry.topicArn })),
    ...(eventbridge ? { EventBridgeConfiguration: {} } : {}),
  };
}

const TARGET: Fields = { id: true, events: true, filterPrefix: true, filterSuffix: true };

export const bucketNotification = bucketSetting<BucketNotificationArgs>({
  type: "aws:s3/bucketNotification:BucketNotification",
  properties: {
    lambdaFunctions: { unordered: true, fields: { ...TARGET, lambdaFunctionArn: true } },
    queues: { unordered: true, fields: { ...TARGET, queueArn: true } },
    topics: { unordered: true, fields: { ...TARGET, topicArn: true } },
    eventbridge: { default: false },
  },
  gone: [],
  put: (s3, Bucket, inputs) =>
    s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: toConfiguration(inputs) }),
  async get(s3, Bucket, prior) {
    const found = await s3.getBucketNotificationConfiguration({ Bucket });
    const notification = {
      lambdaFunctions: (found.LambdaFunctionConfigurations ?? []).map((entry) => ({
        ...target(entry, named(prior?.inputs.lambdaFunctions)),
        lambdaFunctionArn: entry.LambdaFunctionArn,
      })),
      queues: (found.QueueConfigurations ?? []).map((entry) => ({
        ...target(entry, named(prior?.inputs.queues)),
        queueArn: entry.QueueArn ?? "",
      })),
      topics: (found.TopicConfigurations ?? []).map((entry) => ({
        ...target(entry, named(prior?.inputs.topics)),
        topicArn: entry.TopicArn ?? "",
      })),
      eventbridge: found.EventBridgeConfiguration !== undefined,
    };
    const { lambdaFunctions, queues, topics, eventbridge } = notification;
    const entries = lambdaFunctions.length + queues.length + topics.length;
    return entries === 0 && !eventbridge ? undefined : notification;
  },
  remove: (s3, Bucket) => s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} }),
});
