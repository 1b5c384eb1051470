import { FunctionUrl } from "@pulumi/aws/lambda/functionUrl.js";
import { Permission } from "@pulumi/aws/lambda/permission.js";
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import {
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
  output,
  type Resource,
  secret,
} from "@pulumi/pulumi";
import type { Architecture } from "../contracts/architecture.ts";
import { BUILDS_KEY } from "../contracts/build-record.ts";
import { DISPATCH_SETTINGS_VARIABLE } from "../contracts/dispatch-settings.ts";
import { EventTable } from "./event-table.ts";
import { type GithubAppAccess, githubAccess } from "./github-app-key.ts";
import { type FunctionSettings, LambdaFunction } from "./lambda-function.ts";
import { readSecrets, type Statement, sendTo } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

export interface WebhookReceiverArgs {
  /** The function's name. */
  readonly functionName: string;
  /** Name of the table that remembers deliveries. */
  readonly table: string;
  /** Name of the table of builds. */
  readonly buildsTable: string;
  /** Name of the secret that holds all webhook secrets. */
  readonly secretName: string;
  /** Bundle of `functions/dispatch`. */
  readonly code: asset.Archive;
  readonly settings: FunctionSettings;
  /** Repository name → its webhook's secret. */
  readonly secrets: Readonly<Record<string, Input<string>>>;
  /** The owner of every repository. */
  readonly organization: string;
  /** Pattern of the release tags. */
  readonly tagPattern: string;
  /** Anybody may read the builds' logs. */
  readonly publicLogs: boolean;
  /** Where jobs go, by Debian architecture. */
  readonly queues: Readonly<
    Partial<Record<Architecture, { readonly url: Input<string>; readonly arn: Input<string> }>>
  >;
  readonly bucket: { readonly name: Input<string>; readonly arn: Input<string> };
  readonly github: GithubAppAccess;
  readonly alarmTopicArn: Input<string>;
  /** Days for which the deleted secret can be brought back; until then its name is taken. 0 deletes at once. */
  readonly secretRecoveryDays: number;
  readonly tags: Tags;
}

/** What the receiver reads and writes, by ARN. */
export interface ReceiverReach {
  readonly secrets: readonly string[];
  readonly deliveries: string;
  readonly builds: string;
  readonly queues: readonly string[];
  readonly bucket: string;
}

/** What the receiver may do: read its secrets, record deliveries and builds, send jobs, and lead readers to logs. */
export function receiverStatements(reach: ReceiverReach): readonly Statement[] {
  return [
    readSecrets(reach.secrets),
    {
      Sid: "RecordDeliveries",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
      Resource: [reach.deliveries],
    },
    {
      Sid: "RecordBuilds",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      Resource: [reach.builds],
    },
    sendTo(reach.queues, "SendJobs"),
    {
      Sid: "ReadLogs",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["builds", "pull-requests", "releases"].map(
        (prefix) => `${reach.bucket}/${prefix}/*/log.txt`,
      ),
    },
  ];
}

/** Takes GitHub's deliveries at a function URL, verifies their signature and makes each a build job once. */
export class WebhookReceiver extends ComponentResource {
  /** Where GitHub delivers to; a build's log is at `logs/<its key>` below it. */
  readonly url: Output<string>;
  readonly builds: { readonly name: Output<string>; readonly arn: Output<string> };
  /** A webhook that is made after it finds its secret known. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: WebhookReceiverArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:WebhookReceiver", name, {}, opts);
    const child = { parent: this };
    const tags = componentTags(args.tags, "webhook-receiver");
    const queues = Object.entries(args.queues);
    const table = new EventTable(name, { table: args.table, key: "deliveryId", tags }, child);
    const builds = new EventTable(
      `${name}-builds`,
      { table: args.buildsTable, key: BUILDS_KEY, tags },
      child,
    );
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
        environment: {
          [DISPATCH_SETTINGS_VARIABLE]: jsonStringify({
            organization: args.organization,
            deliveriesTable: table.tableName,
            buildsTable: builds.tableName,
            webhookSecrets: webhookSecrets.name,
            bucket: args.bucket.name,
            queues: Object.fromEntries(queues.map(([architecture, { url }]) => [architecture, url])),
            tagPattern: args.tagPattern,
            publicLogs: args.publicLogs,
            github: githubAccess(args.github),
          }),
        },
        statements: output({
          secrets: [webhookSecrets.arn, args.github.key.arn],
          deliveries: table.arn,
          builds: builds.arn,
          queues: queues.map(([, { arn }]) => arn),
          bucket: args.bucket.arn,
        }).apply(receiverStatements),
        after: [version, ...args.github.key.ready],
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
    this.builds = { name: builds.tableName, arn: builds.arn };
    this.ready = [version, useUrl, invoke];
    this.registerOutputs({ url: this.url, builds: this.builds });
  }
}
