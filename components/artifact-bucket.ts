import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { DOWNLOADS_PREFIX } from "../contracts/downloads.ts";
import { lifecycleRules, type Retention } from "./plan/lifecycle.ts";
import { denyPlainText, policyDocument, type Statement } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

export interface ArtifactBucketArgs {
  /** The bucket's name: unique in all of AWS, 3 to 63 characters. */
  readonly bucket: string;
  readonly retention: Retention;
  /**
   * Destroying the stack empties the bucket first. Otherwise it is protected, and a destroy is refused.
   * Default: false.
   */
  readonly forceDestroy?: boolean;
  /** Everybody may read `downloads/`. Default: false. */
  readonly publicDownloads?: boolean;
  readonly tags: Tags;
}

/** What the bucket says to everybody: nothing without TLS; and with public downloads, those documents and no others. */
export function bucketStatements(bucket: string, publicDownloads: boolean): readonly Statement[] {
  return [
    denyPlainText([bucket, `${bucket}/*`], "s3:*"),
    ...(publicDownloads
      ? [
          {
            Sid: "EverybodyReadsDownloads",
            Effect: "Allow" as const,
            Principal: "*" as const,
            Action: ["s3:GetObject"],
            Resource: [`${bucket}/${DOWNLOADS_PREFIX}/*`],
          },
        ]
      : []),
  ];
}

/**
 * Where builds leave their artifacts: versioned, encrypted, reached over TLS only, public in `downloads/` at most.
 * Layout: `builds/<repository>/<commit>/`, `pull-requests/<repository>/<number>/<commit>/`,
 * `releases/<repository>/<tag>/`, `cache/<key>/`, `downloads/`.
 */
export class ArtifactBucket extends ComponentResource {
  readonly bucket: Output<string>;
  readonly arn: Output<string>;

  constructor(name: string, args: ArtifactBucketArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:ArtifactBucket", name, {}, opts);
    const child = { parent: this };
    const { forceDestroy = false, publicDownloads = false } = args;
    const bucket = new Bucket(
      name,
      { bucket: args.bucket, forceDestroy, tags: componentTags(args.tags, "artifact-bucket") },
      // Releases are in it: it is destroyed by who says so twice.
      { parent: this, protect: !forceDestroy },
    );
    const versioning = new BucketVersioning(
      name,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      child,
    );
    new BucketServerSideEncryptionConfiguration(
      name,
      {
        bucket: bucket.bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
      },
      child,
    );
    new BucketOwnershipControls(
      name,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      child,
    );
    const block = new BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        ignorePublicAcls: true,
        // The bucket's own policy is what makes downloads public.
        blockPublicPolicy: !publicDownloads,
        restrictPublicBuckets: !publicDownloads,
      },
      child,
    );
    new BucketPolicy(
      name,
      {
        bucket: bucket.bucket,
        policy: bucket.arn.apply((arn) => policyDocument(bucketStatements(arn, publicDownloads))),
      },
      // S3 refuses a policy and an access block that change at the same time.
      { parent: this, dependsOn: [block] },
    );
    new BucketLifecycleConfiguration(
      name,
      { bucket: bucket.bucket, rules: lifecycleRules(args.retention) },
      // A rule on noncurrent versions means nothing before the bucket has versions.
      { parent: this, dependsOn: [versioning] },
    );
    this.bucket = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ bucket: this.bucket, arn: this.arn });
  }
}
