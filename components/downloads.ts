import {
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
  output,
} from "@pulumi/pulumi";
import {
  DOWNLOADS_INDEX_KEY,
  DOWNLOADS_PREFIX,
  DOWNLOADS_SETTINGS_VARIABLE,
  OS_LIST_KEY,
} from "../contracts/downloads.ts";
import type { FunctionSettings } from "./lambda-function.ts";
import { readPublishedReleases, type Statement } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";
import { SubscribedFunction } from "./subscribed-function.ts";

export interface DownloadsArgs {
  /** The function's name. */
  readonly functionName: string;
  /** Bundle of `functions/downloads`, with what can be downloaded beside it. */
  readonly code: asset.Archive;
  readonly settings: FunctionSettings;
  /** The owner of every repository. */
  readonly organization: string;
  /** The address of GitHub's pages. */
  readonly webUrl: string;
  readonly bucket: { readonly name: Input<string>; readonly arn: Input<string> };
  /** ARN of the topic that is told of each published release. */
  readonly releaseTopicArn: Input<string>;
  readonly alarmTopicArn: Input<string>;
  readonly tags: Tags;
}

/** What downloads may do: find and read what was published, and keep its own two documents. */
export function downloadsStatements(bucket: string): readonly Statement[] {
  return [
    readPublishedReleases(bucket),
    {
      Sid: "FindPublishedReleases",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [bucket],
      Condition: { StringEquals: { "s3:prefix": ["releases/", `${DOWNLOADS_PREFIX}/`] } },
    },
    {
      Sid: "KeepDownloads",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: [`${bucket}/${DOWNLOADS_INDEX_KEY}`, `${bucket}/${OS_LIST_KEY}`],
    },
  ];
}

/** Keeps the lists of what can be downloaded: is told of each published release, and makes them anew. */
export class Downloads extends ComponentResource {
  readonly functionName: Output<string>;

  constructor(name: string, args: DownloadsArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:Downloads", name, {}, opts);
    const lambda = new SubscribedFunction(
      name,
      {
        functionName: args.functionName,
        description: "Lists what can be downloaded",
        code: args.code,
        settings: args.settings,
        environment: {
          [DOWNLOADS_SETTINGS_VARIABLE]: jsonStringify({
            organization: args.organization,
            bucket: args.bucket.name,
            webUrl: args.webUrl,
          }),
        },
        statements: output(args.bucket.arn).apply(downloadsStatements),
        topicArn: args.releaseTopicArn,
        alarmTopicArn: args.alarmTopicArn,
        tags: componentTags(args.tags, "downloads"),
      },
      { parent: this },
    );
    this.functionName = lambda.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }
}
