import type { S3 } from "@aws-sdk/client-s3";
import type { Inputs, Prior, PropertyRule } from "../../framework/resource.ts";
import { unlessGone } from "../common.ts";
import type { AwsResource } from "../context.ts";
import { NO_BUCKET } from "./bucket.ts";

export interface Setting<Args extends object> {
  readonly type: string;
  /** The properties but `bucket`, which every setting has. */
  readonly properties: { readonly [Property in keyof Args]?: PropertyRule };
  /** Writes the whole setting. */
  put(s3: S3, bucket: string, inputs: Inputs<Args>): Promise<unknown>;
  /** Undefined where the bucket has no such setting. `prior` is missing at import. */
  get(
    s3: S3,
    bucket: string,
    prior: Prior<Args> | undefined,
  ): Promise<Omit<Inputs<Args>, "bucket"> | undefined>;
  /** The service's code for "no such setting", if it has one. */
  readonly gone: readonly string[];
  remove(s3: S3, bucket: string): Promise<unknown>;
}

/** A resource that is one setting of a bucket: its id is the bucket's name, and it is written as a whole. */
export function bucketSetting<Args extends { bucket: unknown }>(setting: Setting<Args>): AwsResource<Args> {
  const { type, properties, gone } = setting;
  const put = async (s3: Promise<S3>, bucket: string, inputs: Inputs<Args>) =>
    setting.put(await s3, bucket, inputs);
  return {
    type,
    properties: { bucket: { required: true, replace: true }, ...properties },
    async create(context, inputs) {
      const bucket = String((inputs as { bucket: unknown }).bucket);
      await put(context.s3(), bucket, inputs);
      return { id: bucket, outputs: {} };
    },
    async read(context, bucket, prior) {
      const found = await unlessGone(setting.get(await context.s3(), bucket, prior), ...gone, ...NO_BUCKET);
      return found === undefined ? undefined : { inputs: { ...found, bucket } as Inputs<Args>, outputs: {} };
    },
    async update(context, bucket, inputs) {
      await put(context.s3(), bucket, inputs);
      return {};
    },
    async delete(context, bucket) {
      await unlessGone(setting.remove(await context.s3(), bucket), ...gone, ...NO_BUCKET);
    },
  };
}
