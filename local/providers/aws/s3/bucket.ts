import type { ObjectIdentifier, S3 } from "@aws-sdk/client-s3";
import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { AlreadyExists, afterCreate } from "../../framework/errors.ts";
import { hasCode, type Tags, tagList, tagMap, unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";

export const NO_BUCKET = ["NoSuchBucket", "NotFound", "404"] as const;

/** S3 knows this region by having no location constraint. */
const DEFAULT_REGION = "us-east-1";

function outputsOf(context: AwsContext, bucket: string, tags: Tags | undefined) {
  return {
    arn: `arn:aws:s3:::${bucket}`,
    bucketDomainName: `${bucket}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${bucket}.s3.${context.region}.amazonaws.com`,
    bucketRegion: context.region,
    region: context.region,
    tagsAll: tags ?? {},
  };
}

async function putTags(s3: S3, bucket: string, tags: Tags | undefined): Promise<void> {
  const list = tagList(tags);
  if (list.length > 0) await s3.putBucketTagging({ Bucket: bucket, Tagging: { TagSet: list } });
  else await s3.deleteBucketTagging({ Bucket: bucket });
}

/** Deletes every version and delete marker, a page at a time: a bucket must be empty before it goes. */
async function empty(s3: S3, bucket: string): Promise<void> {
  for (;;) {
    const page = await s3.listObjectVersions({ Bucket: bucket });
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].flatMap(
      ({ Key, VersionId }): ObjectIdentifier[] =>
        Key === undefined ? [] : [VersionId === undefined ? { Key } : { Key, VersionId }],
    );
    if (objects.length === 0) return;
    const { Errors } = await s3.deleteObjects({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } });
    const [refused] = Errors ?? [];
    if (refused) throw Object.assign(new Error(`${refused.Key}: ${refused.Message}`), { code: refused.Code });
  }
}

export const bucket: AwsResource<BucketArgs> = {
  type: "aws:s3/bucket:Bucket",
  properties: {
    bucket: { required: true, replace: true },
    // Not S3's but the provider's own: it decides what a deletion does.
    forceDestroy: { default: false, writeOnly: true },
    tags: {},
  },
  deleteBeforeReplace: true,
  async create(context, { bucket = "", tags }) {
    const s3 = await context.s3();
    // In its first region S3 says yes to creating a bucket that one has already.
    if (await unlessGone(s3.headBucket({ Bucket: bucket }), ...NO_BUCKET)) throw new AlreadyExists(bucket);
    await s3.createBucket({
      Bucket: bucket,
      ...(context.region === DEFAULT_REGION
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: context.region as "eu-central-1" } }),
    });
    const outputs = outputsOf(context, bucket, tags);
    await afterCreate(bucket, outputs, async () => {
      if (tagList(tags).length > 0) await putTags(s3, bucket, tags);
    });
    return { id: bucket, outputs };
  },
  async read(context, bucket, prior) {
    const s3 = await context.s3();
    if (!(await unlessGone(s3.headBucket({ Bucket: bucket }), ...NO_BUCKET))) return undefined;
    const tagging = await unlessGone(s3.getBucketTagging({ Bucket: bucket }), "NoSuchTagSet");
    const tags = tagMap(tagging?.TagSet);
    return {
      inputs: { bucket, forceDestroy: prior?.inputs.forceDestroy ?? false, tags },
      outputs: outputsOf(context, bucket, tags),
    };
  },
  async update(context, bucket, { tags }) {
    await putTags(await context.s3(), bucket, tags);
    return outputsOf(context, bucket, tags);
  },
  async delete(context, bucket, { inputs }) {
    const s3 = await context.s3();
    try {
      if (inputs.forceDestroy) await empty(s3, bucket);
      await s3.deleteBucket({ Bucket: bucket });
    } catch (error) {
      if (hasCode(error, ...NO_BUCKET)) return;
      if (hasCode(error, "BucketNotEmpty")) {
        throw new Error(
          `BucketNotEmpty: ${bucket} still has objects or versions: set forceDestroy, or empty it`,
        );
      }
      throw error;
    }
  },
};
