import type { LifecycleRule } from "@aws-sdk/client-s3";
import type { BucketLifecycleConfigurationArgs } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import type { Inputs } from "../../framework/resource.ts";
import { isObject } from "../../framework/values.ts";
import { bucketSetting } from "./setting.ts";

type Rule = Inputs<BucketLifecycleConfigurationArgs>["rules"] extends (infer R)[] | undefined ? R : never;

/** S3's names differ from the provider's in their first letter only, but for this one. */
function renamed(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [rename(key), renamed(inner, rename)]),
  );
}

export function toLifecycleRule(rule: Rule): LifecycleRule {
  const upper = (key: string): string => (key === "id" ? "ID" : key.slice(0, 1).toUpperCase() + key.slice(1));
  // A rule without a filter is for all objects; S3 wants that said.
  return { Filter: { Prefix: "" }, ...(renamed(rule, upper) as LifecycleRule) };
}

export function fromLifecycleRule(rule: LifecycleRule): Rule {
  const lower = (key: string): string => (key === "ID" ? "id" : key.slice(0, 1).toLowerCase() + key.slice(1));
  return renamed(rule, lower) as Rule;
}

const TRANSITION = { days: true, storageClass: true } as const;

export const bucketLifecycleConfiguration = bucketSetting<BucketLifecycleConfigurationArgs>({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  properties: {
    rules: {
      required: true,
      fields: {
        id: true,
        status: true,
        filter: { prefix: true, objectSizeGreaterThan: true, objectSizeLessThan: true },
        expiration: { days: true, expiredObjectDeleteMarker: true },
        noncurrentVersionExpiration: { noncurrentDays: true, newerNoncurrentVersions: true },
        abortIncompleteMultipartUpload: { daysAfterInitiation: true },
        transitions: TRANSITION,
        noncurrentVersionTransitions: { noncurrentDays: true, storageClass: true },
      },
    },
  },
  gone: ["NoSuchLifecycleConfiguration"],
  put: (s3, Bucket, { rules }) =>
    s3.putBucketLifecycleConfiguration({
      Bucket,
      LifecycleConfiguration: { Rules: (rules ?? []).map(toLifecycleRule) },
    }),
  async get(s3, Bucket) {
    const { Rules } = await s3.getBucketLifecycleConfiguration({ Bucket });
    return Rules === undefined ? undefined : { rules: Rules.map(fromLifecycleRule) };
  },
  remove: (s3, Bucket) => s3.deleteBucketLifecycle({ Bucket }),
});
