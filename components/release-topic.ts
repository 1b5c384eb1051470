import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

export interface ReleaseTopicArgs {
  /** The topic's name. */
  readonly topic: string;
  /** ARN of the artifact bucket, which alone tells of releases. */
  readonly bucketArn: Input<string>;
  readonly tags: Tags;
}

/** Who may publish to the topic: S3, for this bucket of this account. Bucket ARNs carry no account of their own. */
export function topicStatements(topic: string, bucket: string, account: string): readonly Statement[] {
  return [
    {
      Sid: "BucketTellsOfReleases",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: ["sns:Publish"],
      Resource: [topic],
      Condition: {
        ArnEquals: { "aws:SourceArn": bucket },
        StringEquals: { "aws:SourceAccount": account },
      },
    },
  ];
}

/** Is told of each published release once it is public: an S3 event with the key of its `release.json`. */
export class ReleaseTopic extends ComponentResource {
  readonly arn: Output<string>;
  /** A bucket that is to publish to it waits for these. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: ReleaseTopicArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:ReleaseTopic", name, {}, opts);
    const topic = new Topic(
      name,
      { name: args.topic, tags: componentTags(args.tags, "release-topic") },
      { parent: this },
    );
    const policy = new TopicPolicy(
      name,
      {
        arn: topic.arn,
        policy: all([topic.arn, args.bucketArn, topic.owner]).apply(([arn, bucket, account]) =>
          policyDocument(topicStatements(arn, bucket, account)),
        ),
      },
      { parent: this },
    );
    this.arn = topic.arn;
    this.ready = [policy];
    this.registerOutputs({ arn: this.arn });
  }
}
