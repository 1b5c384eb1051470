import { FunctionUrl } from "@pulumi/aws/lambda/functionUrl.js";
import { Permission } from "@pulumi/aws/lambda/permission.js";
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import {
  all,
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
  type Resource,
  secret,
} from "@pulumi/pulumi";
import { EventTable } from "./event-table.ts";
import { type FunctionSettings, LambdaFunction } from "./lambda-function.ts";
import type { Statement } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

export interface WebhookReceiverArgs {
  /** The function's name. */
  readonly functionName: string;
  /** Name of the table that remembers deliveries. */
  readonly table: string;
  /** Name of the secret that holds all webhook secrets. */
  readonly secretName: string;
  /** Bundle of `functions/dispatch`. */
  readonly code: asset.Archive;
  readonly settings: FunctionSettings;
  /** Repository name → its webhook's secret. */
  readonly secrets: Readonly<Record<string, Input<string>>>;
  readonly alarmTopicArn: Input<string>;
  /** Days for which the deleted secret can be brought back; until then its name is taken. 0 deletes at once. */
  readonly secretRecoveryDays: number;
  readonly tags: Tags;
}

/** What the receiver may do: read its one secret, and record a delivery that is new. */
export function receiverStatements(secretArn: string, tableArn: string): readonly Statement[] {
  return [
    {
      Sid: "ReadWebhookSecrets",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: [secretArn],
    },
    { Sid: "RecordDeliveries", Effect: "Allow", Action: ["dynamodb:PutItem"], Resource: [tableArn] },
  ];
}

/** Takes GitHub's deliveries at a function URL, verifies their signature and records each once. */
export class WebhookReceiver extends ComponentResource {
  /** Where GitHub delivers to. */
  readonly url: Output<string>;
  readonly table: Output<string>;
  /** A webhook that is made after it finds its secret known. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: WebhookReceiverArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:WebhookReceiver", name, {}, opts);
    const child = { parent: this };
    const tags = componentTags(args.tags, "webhook-receiver");
    const table = new EventTable(name, { table: args.table, key: "deliveryId", tags }, child);
    const webhookSecrets = new Secret(
      name,
      {
        name: args.secretName,
        description: "Webhook secrets by repository, as a JSON object",
        recoveryWindowInDays: args.secretRecoveryDays,
        tags,
      },
      child,
    );
    const version = new SecretVersion(
      name,
      { secretId: webhookSecrets.id, secretString: secret(jsonStringify(args.secrets)) },
      child,
    );
    const lambda = new LambdaFunction(
      name,
      {
        functionName: args.functionName,
        description: "Takes the webhooks of the pipeline's repositories",
        code: args.code,
        settings: args.settings,
        environment: { DELIVERIES_TABLE: table.tableName, WEBHOOK_SECRETS: webhookSecrets.name },
        statements: all([webhookSecrets.arn, table.arn]).apply(([secretArn, tableArn]) =>
          receiverStatements(secretArn, tableArn),
        ),
        alarmTopicArn: args.alarmTopicArn,
        tags,
      },
      child,
    );
    const url = new FunctionUrl(
      name,
      { functionName: lambda.functionName, authorizationType: "NONE" },
      child,
    );
    // A function URL that anybody may call takes both: who may use the URL, and who may invoke through it.
    const useUrl = new Permission(
      `${name}-url`,
      {
        statementId: "public-url",
        action: "lambda:InvokeFunctionUrl",
        function: lambda.functionName,
        principal: "*",
        functionUrlAuthType: "NONE",
      },
      child,
    );
    const invoke = new Permission(
      `${name}-invoke`,
      {
        statementId: "public-invoke",
        action: "lambda:InvokeFunction",
        function: lambda.functionName,
        principal: "*",
        invokedViaFunctionUrl: true,
      },
      child,
    );
    this.url = url.functionUrl;
    this.table = table.tableName;
    this.ready = [version, useUrl, invoke];
    this.registerOutputs({ url: this.url, table: this.table });
  }
}
