import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { denyPlainText, policyDocument, type Statement } from "./plan/policy.ts";
import type { Tags } from "./plan/tags.ts";

/** The longest that SQS keeps a message: time to find out why it failed. */
const FOURTEEN_DAYS_SECONDS = 14 * 24 * 3600;

export interface DeadLetterQueueArgs {
  /** The queue's name. */
  readonly queue: string;
  /** ARN of the topic that is told when a message arrives. */
  readonly alarmTopicArn: Input<string>;
  /** ARN of a topic that keeps there what it could not hand over. Default: none. */
  readonly topicArn?: Input<string>;
  readonly tags: Tags;
}

/** What the queue says to everybody: nothing without TLS; and a topic may keep there what it could not hand over. */
export function deadLetterStatements(queue: string, topic: string | undefined): readonly Statement[] {
  return [
    denyPlainText([queue], "sqs:*"),
    ...(topic === undefined
      ? []
      : [
          {
            Sid: "TopicKeepsUndelivered",
            Effect: "Allow" as const,
            Principal: { Service: "sns.amazonaws.com" },
            Action: ["sqs:SendMessage"],
            Resource: [queue],
            Condition: { ArnEquals: { "aws:SourceArn": topic } },
          },
        ]),
  ];
}

/** Keeps what could not be processed, and raises an alarm at the first message. */
export class DeadLetterQueue extends ComponentResource {
  readonly arn: Output<string>;
  readonly url: Output<string>;
  /** A topic that keeps messages there waits for this. */
  readonly ready: Resource;

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
    this.ready = new QueuePolicy(
      name,
      {
        queueUrl: queue.url,
        policy: all([queue.arn, args.topicArn]).apply(([arn, topic]) =>
          policyDocument(deadLetterStatements(arn, topic)),
        ),
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
