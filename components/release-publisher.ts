import { Permission } from "@pulumi/aws/lambda/permission.js";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification.js";
import {
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
  output,
} from "@pulumi/pulumi";
import { MANIFEST_FILE } from "../contracts/manifest.ts";
import { PUBLISH_SETTINGS_VARIABLE } from "../contracts/publish-settings.ts";
import { PUBLISHED_RELEASE_FILE } from "../contracts/published-release.ts";
import { RELEASES_KEY } from "../contracts/release-record.ts";
import { EventTable } from "./event-table.ts";
import { type GithubAppAccess, githubAccess } from "./github-app-key.ts";
import { type FunctionSettings, LambdaFunction } from "./lambda-function.ts";
import { readSecrets, type Statement } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";
import type { ReleaseTopic } from "./release-topic.ts";
import type { SigningKey } from "./signing-key.ts";

export interface ReleasePublisherArgs {
  /** The function's name. */
  readonly functionName: string;
  /** Name of the table that remembers releases. */
  readonly table: string;
  /** Bundle of `functions/publish`. */
  readonly code: asset.Archive;
  /** Of all functions; this one may run longer. */
  readonly settings: FunctionSettings;
  /** The owner of every repository. */
  readonly organization: string;
  /** Who builds, as provenance names it: a URI. */
  readonly builderId: string;
  readonly github: GithubAppAccess;
  readonly signingKey: SigningKey;
  readonly bucket: { readonly name: Input<string>; readonly arn: Input<string> };
  /** Is told of each release once it is public. */
  readonly topic: Pick<ReleaseTopic, "arn" | "ready">;
  readonly alarmTopicArn: Input<string>;
  readonly tags: Tags;
}

/** What the publisher reads and writes, by ARN. */
export interface PublisherReach {
  readonly bucket: string;
  readonly releases: string;
  readonly appKey: string;
  readonly signingKey: string;
}

/** What the publisher may do: read what tags' builds left, remember how far their releases are, tell that they are public. */
export function publisherStatements({
  bucket,
  releases,
  appKey,
  signingKey,
}: PublisherReach): readonly Statement[] {
  return [
    {
      Sid: "ReadReleaseBuilds",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [`${bucket}/releases/*`],
    },
    {
      Sid: "AnnounceReleases",
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: [`${bucket}/releases/*/${PUBLISHED_RELEASE_FILE}`],
    },
    {
      Sid: "RecordReleases",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      Resource: [releases],
    },
    readSecrets([appKey]),
    { Sid: "SignReleases", Effect: "Allow", Action: ["kms:Sign"], Resource: [signingKey] },
  ];
}

/** Lambda's longest: an upload takes as long as it takes, and what is left goes on when the event comes again. */
const TIMEOUT_SECONDS = 900;

/**
 * Is told when the manifest of a tag's build arrives in the artifact bucket, and publishes the GitHub Release. A bucket
 * has one list of whom it notifies: it is here, with the topic that is told of what was published.
 */
export class ReleasePublisher extends ComponentResource {
  readonly functionName: Output<string>;
  /** The function's ARN. */
  readonly arn: Output<string>;
  /** The table of releases. */
  readonly releases: { readonly name: Output<string>; readonly arn: Output<string> };

  constructor(name: string, args: ReleasePublisherArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:ReleasePublisher", name, {}, opts);
    const child = { parent: this };
    const tags = componentTags(args.tags, "release-publisher");
    const table = new EventTable(name, { table: args.table, key: RELEASES_KEY, tags }, child);
    const lambda = new LambdaFunction(
      name,
      {
        functionName: args.functionName,
        description: "Publishes what a tag's build left in the artifact bucket",
        code: args.code,
        settings: { ...args.settings, timeoutSeconds: TIMEOUT_SECONDS },
        environment: {
          [PUBLISH_SETTINGS_VARIABLE]: jsonStringify({
            organization: args.organization,
            releasesTable: table.tableName,
            bucket: args.bucket.name,
            github: githubAccess(args.github),
            builderId: args.builderId,
            signingKey: { arn: args.signingKey.arn, publicKey: args.signingKey.publicKey },
          }),
        },
        statements: output({
          bucket: args.bucket.arn,
          releases: table.arn,
          appKey: args.github.key.arn,
          signingKey: args.signingKey.arn,
        }).apply(publisherStatements),
        after: args.github.key.ready,
        alarmTopicArn: args.alarmTopicArn,
        deadLetters: {},
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
            filterSuffix: `/${MANIFEST_FILE}`,
          },
        ],
        topics: [
          {
            id: "published-release",
            topicArn: args.topic.arn,
            events: ["s3:ObjectCreated:*"],
            filterPrefix: "releases/",
            filterSuffix: `/${PUBLISHED_RELEASE_FILE}`,
          },
        ],
      },
      // S3 tries function and topic when it takes the notification.
      { parent: this, dependsOn: [permission, ...args.topic.ready] },
    );
    this.functionName = lambda.functionName;
    this.arn = lambda.arn;
    this.releases = { name: table.tableName, arn: table.arn };
    this.registerOutputs({ functionName: this.functionName, releases: this.releases });
  }
}
