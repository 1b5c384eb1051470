import { Permission } from "@pulumi/aws/lambda/permission.js";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification.js";
import {
  all,
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { EventTable } from "./event-table.ts";
import { type FunctionSettings, LambdaFunction } from "./lambda-function.ts";
import type { Statement } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

export interface ReleasePublisherArgs {
  /** The function's name. */
  readonly functionName: string;
  /** Name of the table that remembers releases. */
  readonly table: string;
  /** Bundle of `functions/publish`. */
  readonly code: asset.Archive;
  readonly settings: FunctionSettings;
  readonly bucket: { readonly name: Input<string>; readonly arn: Input<string> };
  readonly alarmTopicArn: Input<string>;
  readonly tags: Tags;
}

/** What the publisher may do: read what a tag's build left, and record the release. */
export function publisherStatements(bucketArn: string, tableArn: string): readonly Statement[] {
  return [
    {
      Sid: "ReadReleaseBuilds",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [`${bucketArn}/releases/*`],
    },
    { Sid: "RecordReleases", Effect: "Allow", Action: ["dynamodb:PutItem"], Resource: [tableArn] },
  ];
}

/** Is told when the manifest of a tag's build arrives in the artifact bucket, and records the release once. */
export class ReleasePublisher extends ComponentResource {
  readonly functionName: Output<string>;
  readonly table: Output<string>;

  constructor(name: string, args: ReleasePublisherArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:ReleasePublisher", name, {}, opts);
    const child = { parent: this };
    const tags = componentTags(args.tags, "release-publisher");
    const table = new EventTable(name, { table: args.table, key: "release", tags }, child);
    const lambda = new LambdaFunction(
      name,
      {
        functionName: args.functionName,
        description: "Publishes what a tag's build left in the artifact bucket",
        code: args.code,
        settings: args.settings,
        environment: { RELEASES_TABLE: table.tableName },
        statements: all([args.bucket.arn, table.arn]).apply(([bucketArn, tableArn]) =>
          publisherStatements(bucketArn, tableArn),
        ),
        alarmTopicArn: args.alarmTopicArn,
        deadLetters: true,
        tags,
      },
      child,
    );
    const permission = new Permission(
      name,
      {
        statementId: "artifact-bucket",
        action: "lambda:InvokeFunction",
        function: lambda.functionName,
        principal: "s3.amazonaws.com",
        sourceArn: args.bucket.arn,
      },
      child,
    );
    new BucketNotification(
      name,
      {
        bucket: args.bucket.name,
        lambdaFunctions: [
          {
            id: "release-manifest",
            lambdaFunctionArn: lambda.arn,
            events: ["s3:ObjectCreated:*"],
            filterPrefix: "releases/",
            filterSuffix: "/manifest.json",
          },
        ],
      },
      // S3 tries the function when it takes the notification.
      { parent: this, dependsOn: [permission] },
    );
    this.functionName = lambda.functionName;
    this.table = table.tableName;
    this.registerOutputs({ functionName: this.functionName, table: this.table });
  }
}
