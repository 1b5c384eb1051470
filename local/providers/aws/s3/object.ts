import type { BucketObjectv2Args } from "@pulumi/aws/s3/bucketObjectv2.js";
import { assetBytes } from "../../framework/archive.ts";
import type { Inputs } from "../../framework/resource.ts";
import { given, type Tags, tagList, tagMap, unlessGone } from "../common.ts";
import type { AwsContext, AwsResource } from "../context.ts";
import { NO_BUCKET } from "./bucket.ts";

const GONE = ["NoSuchKey", ...NO_BUCKET] as const;
const BINARY = "application/octet-stream";

function outputsOf(bucket: string, key: string, etag: string | undefined, tags: Tags | undefined) {
  return {
    arn: `arn:aws:s3:::${bucket}/${key}`,
    etag: given(etag, "ETag").replaceAll('"', ""),
    tagsAll: tags ?? {},
  };
}

/** At import the id is `<bucket>/<key>`, as in state. */
function place(id: string): { readonly bucket: string; readonly key: string } {
  const [bucket = "", ...key] = id.split("/");
  return { bucket, key: key.join("/") };
}

async function put(context: AwsContext, inputs: Inputs<BucketObjectv2Args>) {
  const { key = "", contentType, source, tags } = inputs;
  const bucket = inputs.bucket as string;
  const { ETag } = await (await context.s3()).putObject({
    Bucket: bucket,
    Key: key,
    Body: await assetBytes(source),
    ContentType: contentType ?? BINARY,
    ...(tagList(tags).length === 0 ? {} : { Tagging: new URLSearchParams(tags).toString() }),
  });
  return outputsOf(bucket, key, ETag, tags);
}

export const bucketObject: AwsResource<BucketObjectv2Args> = {
  type: "aws:s3/bucketObjectv2:BucketObjectv2",
  properties: {
    bucket: { required: true, replace: true },
    key: { required: true, replace: true },
    source: { required: true, writeOnly: true },
    contentType: { default: BINARY },
    tags: {},
  },
  async create(context, inputs) {
    return { id: `${inputs.bucket as string}/${inputs.key}`, outputs: await put(context, inputs) };
  },
  async read(context, id, prior) {
    const { bucket, key } = place(id);
    const s3 = await context.s3();
    const found = await unlessGone(s3.headObject({ Bucket: bucket, Key: key }), ...GONE);
    if (found === undefined) return undefined;
    const tags = tagMap((await s3.getObjectTagging({ Bucket: bucket, Key: key })).TagSet);
    const outputs = outputsOf(bucket, key, found.ETag, tags);
    return {
      inputs: {
        bucket,
        key,
        contentType: found.ContentType,
        tags,
        // The content is not read back, but its digest tells when somebody put another.
        ...(prior !== undefined && prior.outputs.etag !== outputs.etag ? { source: undefined } : {}),
      },
      outputs,
    };
  },
  async update(context, _id, inputs) {
    return await put(context, inputs);
  },
  /** With all its versions, as the official provider does. */
  async delete(context, id) {
    const { bucket, key } = place(id);
    const s3 = await context.s3();
    const page = await unlessGone(s3.listObjectVersions({ Bucket: bucket, Prefix: key }), ...NO_BUCKET);
    const versions = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    for (const { Key, VersionId } of versions) {
      if (Key !== key) continue;
      await s3.deleteObject({
        Bucket: bucket,
        Key,
        ...(VersionId === undefined || VersionId === "null" ? {} : { VersionId }),
      });
    }
  },
};
