import { Permission } from "@pulumi/aws/lambda/permission.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
} from "@pulumi/pulumi";
import { LambdaFunction, type LambdaFunctionArgs } from "./lambda-function.ts";

export interface SubscribedFunctionArgs extends Omit<LambdaFunctionArgs, "deadLetters"> {
  /** ARN of the SNS topic whose messages it is given, one at a time. */
  readonly topicArn: Input<string>;
}

/**
 * A function that is given the messages of a topic. Nothing is lost: a message that Lambda takes is tried three times
 * and then lies in the function's dead-letter queue, and so does one that Lambda does not take.
 */
export class SubscribedFunction extends ComponentResource {
  readonly functionName: Output<string>;
  readonly arn: Output<string>;

  constructor(name: string, args: SubscribedFunctionArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:SubscribedFunction", name, {}, opts);
    const { topicArn, ...settings } = args;
    const child = { parent: this };
    const lambda = new LambdaFunction(name, { ...settings, deadLetters: { topicArn } }, child);
    const letters = lambda.deadLetters;
    if (letters === undefined) throw new Error(`${name}: a subscribed function has dead letters`);
    const permission = new Permission(
      name,
      {
        statementId: "topic",
        action: "lambda:InvokeFunction",
        function: lambda.functionName,
        principal: "sns.amazonaws.com",
        sourceArn: topicArn,
      },
      child,
    );
    new TopicSubscription(
      name,
      {
        topic: topicArn,
        protocol: "lambda",
        endpoint: lambda.arn,
        redrivePolicy: jsonStringify({ deadLetterTargetArn: letters.arn }),
      },
      // Its first message may come at once.
      { parent: this, dependsOn: [permission, letters.ready] },
    );
    this.functionName = lambda.functionName;
    this.arn = lambda.arn;
    this.registerOutputs({ functionName: this.functionName, arn: this.arn });
  }
}
