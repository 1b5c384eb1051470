import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Permission } from "@pulumi/aws/lambda/permission.js";
import {
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  interpolate,
  jsonStringify,
  type Output,
  output,
} from "@pulumi/pulumi";
import type { Architecture } from "../contracts/architecture.ts";
import {
  METRICS_NAMESPACE,
  RECONCILE_SETTINGS_VARIABLE,
  type ReconcilePatience,
} from "../contracts/reconcile-settings.ts";
import type { DrainedQueue } from "./docker-runner.ts";
import { type GithubAppAccess, githubAccess } from "./github-app-key.ts";
import { type FunctionSettings, LambdaFunction } from "./lambda-function.ts";
import { RECONCILE_ALARMS, type ReconcilerReach, reconcilerStatements } from "./plan/reconcile.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

interface Reference {
  readonly name: Input<string>;
  readonly arn: Input<string>;
}

export interface ReconcilerArgs {
  /** The function's name; the schedule and the alarms are named after it. */
  readonly functionName: string;
  /** What tells this pipeline's metrics from others'. */
  readonly pipeline: string;
  /** Bundle of `functions/reconcile`. */
  readonly code: asset.Archive;
  /** Of all functions; this one may run longer. */
  readonly settings: FunctionSettings;
  /** The owner of every repository. */
  readonly organization: string;
  readonly receiver: { readonly url: Input<string>; readonly builds: Reference };
  readonly publisher: {
    readonly functionName: Input<string>;
    readonly arn: Input<string>;
    readonly releases: Reference;
  };
  /** Where jobs wait, by Debian architecture. */
  readonly queues: Readonly<Partial<Record<Architecture, DrainedQueue>>>;
  readonly bucket: Reference;
  readonly github: GithubAppAccess;
  /** A build that has not ended after so long raises an alarm. */
  readonly stuckMinutes: number;
  readonly alarmTopicArn: Input<string>;
  readonly tags: Tags;
}

const EVERY_MINUTES = 5;
/** Below the time between two runs: they do not pile up. */
const TIMEOUT_SECONDS = 240;
const PERIOD_SECONDS = EVERY_MINUTES * 60;

/**
 * A runner renews a build's record every minute, and a queue hands a dead runner's job out again after five: what
 * stands still for twice that was not handed out again. A failed event comes back within three minutes.
 */
const PATIENCE: ReconcilePatience = { build: 600, release: 300 };

/** Every five minutes looks after what was lost on the way, and tells of what it cannot mend. */
export class Reconciler extends ComponentResource {
  readonly functionName: Output<string>;

  constructor(name: string, args: ReconcilerArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:Reconciler", name, {}, opts);
    const child = { parent: this };
    const tags = componentTags(args.tags, "reconciler");
    const queues = Object.entries(args.queues);
    const lambda = new LambdaFunction(
      name,
      {
        functionName: args.functionName,
        description: "Looks after what was lost on the way",
        code: args.code,
        settings: { ...args.settings, timeoutSeconds: TIMEOUT_SECONDS },
        environment: {
          [RECONCILE_SETTINGS_VARIABLE]: jsonStringify({
            pipeline: args.pipeline,
            organization: args.organization,
            webhookUrl: args.receiver.url,
            buildsTable: args.receiver.builds.name,
            releasesTable: args.publisher.releases.name,
            bucket: args.bucket.name,
            queues: Object.fromEntries(
              queues.map(([architecture, { url, deadLetters }]) => [
                architecture,
                { url, deadLetterUrl: deadLetters.url },
              ]),
            ),
            publishFunction: args.publisher.functionName,
            logsUrl: interpolate`${args.receiver.url}logs/`,
            stuckMinutes: args.stuckMinutes,
            patience: PATIENCE,
            github: githubAccess(args.github),
          }),
        },
        statements: output({
          builds: args.receiver.builds.arn,
          releases: args.publisher.releases.arn,
          queues: queues.map(([, { arn }]) => arn),
          deadLetterQueues: queues.map(([, { deadLetters }]) => deadLetters.arn),
          bucket: args.bucket.arn,
          publish: args.publisher.arn,
          appKey: args.github.key.arn,
        } satisfies Record<keyof ReconcilerReach, unknown>).apply(reconcilerStatements),
        after: args.github.key.ready,
        alarmTopicArn: args.alarmTopicArn,
        tags,
      },
      child,
    );
    const rule = new EventRule(
      name,
      {
        name: args.functionName,
        description: `Starts ${args.functionName}`,
        scheduleExpression: `rate(${EVERY_MINUTES} minutes)`,
        tags,
      },
      child,
    );
    const permission = new Permission(
      name,
      {
        statementId: "schedule",
        action: "lambda:InvokeFunction",
        function: lambda.functionName,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      child,
    );
    new EventTarget(
      name,
      { rule: rule.name, targetId: "reconcile", arn: lambda.arn },
      { parent: this, dependsOn: [permission] },
    );
    const alarm = {
      period: PERIOD_SECONDS,
      alarmActions: [args.alarmTopicArn],
      okActions: [args.alarmTopicArn],
    };
    for (const { key, metric, description, periods } of RECONCILE_ALARMS) {
      new MetricAlarm(
        `${name}-${key}`,
        {
          name: `${args.functionName}-${key}`,
          alarmDescription: description,
          namespace: METRICS_NAMESPACE,
          metricName: metric,
          dimensions: { service: args.pipeline },
          statistic: "Maximum",
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
          evaluationPeriods: periods,
          treatMissingData: "notBreaching",
          ...alarm,
          tags,
        },
        child,
      );
    }
    new MetricAlarm(
      `${name}-silent`,
      {
        name: `${args.functionName}-silent`,
        alarmDescription: `${args.functionName} was not started for ${3 * EVERY_MINUTES} minutes`,
        namespace: "AWS/Lambda",
        metricName: "Invocations",
        dimensions: { FunctionName: lambda.functionName },
        statistic: "Sum",
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        evaluationPeriods: 3,
        treatMissingData: "breaching",
        ...alarm,
        tags,
      },
      child,
    );
    this.functionName = lambda.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }
}
