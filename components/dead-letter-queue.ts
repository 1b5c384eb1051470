import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { Tags } from "./plan/tags.ts";

/** The longest that SQS keeps a message: time to find out why it failed. */
const FOURTEEN_DAYS_SECONDS = 14 * 24 * 3600;

export interface DeadLetterQueueArgs {
  /** The queue's name. */
  readonly queue: string;
  /** ARN of the topic that is told when a message arrives. */
  readonly alarmTopicArn: Input<string>;
  readonly tags: Tags;
}

/** Keeps what could not be processed, and raises an alarm at the first message. */
export class DeadLetterQueue extends ComponentResource {
  readonly arn: Output<string>;
  readonly url: Output<string>;

  constructor(name: string, args: DeadLetterQueueArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:DeadLetterQueue", name, {}, opts);
    const queue = new Queue(
      name,
      {
        name: args.queue,
        messageRetentionSeconds: FOURTEEN_DAYS_SECONDS,
        sqsManagedSseEnabled: true,
        tags: { ...args.tags },
      },
      { parent: this },
    );
    new MetricAlarm(
      name,
      {
        name: args.queue,
        alarmDescription: `A message that could not be processed lies in ${args.queue}`,
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queue.name },
        statistic: "Maximum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        period: 60,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
        tags: { ...args.tags },
      },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}
