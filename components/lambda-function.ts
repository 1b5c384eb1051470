import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Function as AwsFunction } from "@pulumi/aws/lambda/function.js";
import {
  all,
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
  type Resource,
} from "@pulumi/pulumi";
import { DeadLetterQueue, type DeadLetterQueueArgs } from "./dead-letter-queue.ts";
import { policyDocument, type Statement, sendTo, trustPolicy, writeLogs } from "./plan/policy.ts";
import type { Tags } from "./plan/tags.ts";

/** What all functions of a pipeline have in common. */
export interface FunctionSettings {
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /** Days; one of the values that CloudWatch Logs takes. */
  readonly logRetentionDays: number;
}

export interface LambdaFunctionArgs {
  /** The function's name; its role and log group are named after it. */
  readonly functionName: string;
  readonly description: string;
  /** The bundle, with the handler as `index.handler`. */
  readonly code: asset.Archive;
  readonly settings: FunctionSettings;
  readonly environment: Readonly<Record<string, Input<string>>>;
  /** What the function may do besides writing its own log. */
  readonly statements: Input<readonly Statement[]>;
  /** ARN of the topic that is told when the function fails. */
  readonly alarmTopicArn: Input<string>;
  /** What must be there before its first event. */
  readonly after?: readonly Resource[];
  /**
   * It is invoked asynchronously: an event that keeps failing goes to a dead-letter queue, and so may what the topic
   * could not hand over. Default: it is not.
   */
  readonly deadLetters?: Pick<DeadLetterQueueArgs, "topicArn">;
  readonly tags: Tags;
}

/** A function with a role, a log group and an alarm of its own. */
export class LambdaFunction extends ComponentResource {
  readonly functionName: Output<string>;
  readonly arn: Output<string>;
  readonly role: Output<string>;
  /** Where events go that keep failing, if the function has that. */
  readonly deadLetters: DeadLetterQueue | undefined;

  constructor(name: string, args: LambdaFunctionArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:LambdaFunction", name, {}, opts);
    const child = { parent: this };
    const tags = { ...args.tags };
    const deadLetters = args.deadLetters
      ? new DeadLetterQueue(
          `${name}-dead-letters`,
          {
            ...args.deadLetters,
            queue: `${args.functionName}-dead-letters`,
            alarmTopicArn: args.alarmTopicArn,
            tags,
          },
          child,
        )
      : undefined;
    const logGroup = new LogGroup(
      name,
      {
        name: `/aws/lambda/${args.functionName}`,
        retentionInDays: args.settings.logRetentionDays,
        tags,
      },
      child,
    );
    const role = new Role(
      name,
      {
        name: args.functionName,
        description: args.description,
        assumeRolePolicy: trustPolicy({ service: "lambda.amazonaws.com" }),
        tags,
      },
      child,
    );
    const policy = new RolePolicy(
      name,
      {
        name: args.functionName,
        role: role.name,
        policy: all([logGroup.arn, output(args.statements), deadLetters?.arn]).apply(
          ([logs, statements, letters]) =>
            policyDocument([writeLogs(logs), ...(letters ? [sendTo([letters])] : []), ...statements]),
        ),
      },
      child,
    );
    const lambda = new AwsFunction(
      name,
      {
        name: args.functionName,
        description: args.description,
        role: role.arn,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: args.code,
        memorySize: args.settings.memoryMiB,
        timeout: args.settings.timeoutSeconds,
        environment: { variables: { ...args.environment } },
        ...(deadLetters ? { deadLetterConfig: { targetArn: deadLetters.arn } } : {}),
        tags,
      },
      // Its first event may come at once: by then it must be allowed to act and to log.
      { parent: this, dependsOn: [policy, logGroup, ...(args.after ?? [])] },
    );
    new MetricAlarm(
      name,
      {
        name: `${args.functionName}-errors`,
        alarmDescription: `${args.functionName} failed`,
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: lambda.name },
        statistic: "Sum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        period: 300,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
        alarmActions: [args.alarmTopicArn],
        okActions: [args.alarmTopicArn],
        tags,
      },
      child,
    );
    this.functionName = lambda.name;
    this.arn = lambda.arn;
    this.role = role.name;
    this.deadLetters = deadLetters;
    this.registerOutputs({ functionName: this.functionName, arn: this.arn, role: this.role });
  }
}
