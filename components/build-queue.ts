import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import { RedriveAllowPolicy } from "@pulumi/aws/sqs/redriveAllowPolicy.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
} from "@pulumi/pulumi";
import { DeadLetterQueue } from "./dead-letter-queue.ts";
import { denyPlainText, policyDocument } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

/** How often a job is handed out to Docker hosts before it counts as undeliverable. */
const MAX_RECEIVES = 3;
/**
 * The most that SQS takes. A job that CodeBuild does, or has no room for, is handed out again and again, and the function
 * counts what counts: the builds that it started.
 */
const MAX_LOOKS = 1000;
/**
 * What the function that starts CodeBuild builds dies with comes back after this, while CodeBuild knows its request for
 * 300 s. A runner says itself for how long a job is its own.
 */
const VISIBILITY_SECONDS = 180;
const FOUR_DAYS_SECONDS = 4 * 24 * 3600;
const LONG_POLL_SECONDS = 20;

export interface BuildQueueArgs {
  /** The queue's name; its dead-letter queue gets `-dead-letters` behind it. */
  readonly queue: string;
  /** ARN of the topic that alarms go to. */
  readonly alarmTopicArn: Input<string>;
  /** A job that waited longer than this raises an alarm. */
  readonly maxAgeMinutes: number;
  /** What drains it. */
  readonly drainedBy: "docker" | "codebuild";
  readonly tags: Tags;
}

/** The build jobs of one architecture, waiting for a runner. */
export class BuildQueue extends ComponentResource {
  readonly arn: Output<string>;
  readonly url: Output<string>;
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: BuildQueueArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:BuildQueue", name, {}, opts);
    const tags = componentTags(args.tags, "build-queue");
    this.deadLetters = new DeadLetterQueue(
      `${name}-dead-letters`,
      { queue: `${args.queue}-dead-letters`, alarmTopicArn: args.alarmTopicArn, tags },
      { parent: this },
    );
    const queue = new Queue(
      name,
      {
        name: args.queue,
        visibilityTimeoutSeconds: VISIBILITY_SECONDS,
        messageRetentionSeconds: FOUR_DAYS_SECONDS,
        receiveWaitTimeSeconds: LONG_POLL_SECONDS,
        sqsManagedSseEnabled: true,
        redrivePolicy: jsonStringify({
          deadLetterTargetArn: this.deadLetters.arn,
          maxReceiveCount: args.drainedBy === "codebuild" ? MAX_LOOKS : MAX_RECEIVES,
        }),
        tags,
      },
      { parent: this },
    );
    new RedriveAllowPolicy(
      name,
      {
        queueUrl: this.deadLetters.url,
        redriveAllowPolicy: jsonStringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
      },
      { parent: this },
    );
    new QueuePolicy(
      name,
      {
        queueUrl: queue.url,
        policy: queue.arn.apply((arn) => policyDocument([denyPlainText([arn], "sqs:*")])),
      },
      { parent: this },
    );
    new MetricAlarm(
      name,
      {
        name: `${args.queue}-age`,
        alarmDescription: `A build job waits in ${args.queue} for more than ${args.maxAgeMinutes} minutes`,
        namespace: "AWS/SQS",
        metricName: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: queue.name },
        statistic: "Maximum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: args.maxAgeMinutes * 60,
        period: 60,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
        tags,
      },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}
