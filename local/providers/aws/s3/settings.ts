import type { BucketVersioningStatus, ObjectOwnership, ServerSideEncryption } from "@aws-sdk/client-s3";
import type { BucketOwnershipControlsArgs } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import type { BucketPolicyArgs } from "@pulumi/aws/s3/bucketPolicy.js";
import type { BucketPublicAccessBlockArgs } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import type { BucketServerSideEncryptionConfigurationArgs } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import type { BucketVersioningArgs } from "@pulumi/aws/s3/bucketVersioning.js";
import { defined } from "../common.ts";
import { bucketSetting } from "./setting.ts";

export const bucketVersioning = bucketSetting<BucketVersioningArgs>({
  type: "aws:s3/bucketVersioning:BucketVersioning",
  properties: { versioningConfiguration: { required: true, fields: { status: true } } },
  gone: [],
  put: (s3, Bucket, { versioningConfiguration }) =>
    s3.putBucketVersioning({
      Bucket,
      VersioningConfiguration: { Status: versioningConfiguration.status as BucketVersioningStatus },
    }),
  async get(s3, Bucket) {
    const { Status } = await s3.getBucketVersioning({ Bucket });
    return Status === undefined ? undefined : { versioningConfiguration: { status: Status } };
  },
  // There is no way back to a bucket that never had versions.
  remove: (s3, Bucket) =>
    s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
});

export const bucketServerSideEncryptionConfiguration =
  bucketSetting<BucketServerSideEncryptionConfigurationArgs>({
    type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    properties: {
      rules: {
        required: true,
        fields: {
          applyServerSideEncryptionByDefault: { sseAlgorithm: true, kmsMasterKeyId: true },
          bucketKeyEnabled: true,
        },
      },
    },
    gone: ["ServerSideEncryptionConfigurationNotFoundError"],
    put: (s3, Bucket, { rules }) =>
      s3.putBucketEncryption({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: rules.map(({ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled }) =>
            defined({
              ApplyServerSideEncryptionByDefault:
                byDefault &&
                defined({
                  SSEAlgorithm: byDefault.sseAlgorithm as ServerSideEncryption,
                  KMSMasterKeyID: byDefault.kmsMasterKeyId,
                }),
              BucketKeyEnabled: bucketKeyEnabled,
            }),
          ),
        },
      }),
    async get(s3, Bucket) {
      const { ServerSideEncryptionConfiguration } = await s3.getBucketEncryption({ Bucket });
      const rules = ServerSideEncryptionConfiguration?.Rules ?? [];
      if (rules.length === 0) return undefined;
      return {
        rules: rules.map(({ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled }) => ({
          ...(byDefault?.SSEAlgorithm === undefined
            ? {}
            : {
                applyServerSideEncryptionByDefault: {
                  sseAlgorithm: byDefault.SSEAlgorithm,
                  kmsMasterKeyId: byDefault.KMSMasterKeyID,
                },
              }),
          bucketKeyEnabled: BucketKeyEnabled,
        })),
      };
    },
    remove: (s3, Bucket) => s3.deleteBucketEncryption({ Bucket }),
  });

export const bucketPublicAccessBlock = bucketSetting<BucketPublicAccessBlockArgs>({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  properties: {
    blockPublicAcls: { default: false },
    blockPublicPolicy: { default: false },
    ignorePublicAcls: { default: false },
    restrictPublicBuckets: { default: false },
  },
  gone: ["NoSuchPublicAccessBlockConfiguration"],
  put: (s3, Bucket, inputs) =>
    s3.putPublicAccessBlock({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: inputs.blockPublicAcls === true,
        BlockPublicPolicy: inputs.blockPublicPolicy === true,
        IgnorePublicAcls: inputs.ignorePublicAcls === true,
        RestrictPublicBuckets: inputs.restrictPublicBuckets === true,
      },
    }),
  async get(s3, Bucket) {
    const { PublicAccessBlockConfiguration: block } = await s3.getPublicAccessBlock({ Bucket });
    return {
      blockPublicAcls: block?.BlockPublicAcls === true,
      blockPublicPolicy: block?.BlockPublicPolicy === true,
      ignorePublicAcls: block?.IgnorePublicAcls === true,
      restrictPublicBuckets: block?.RestrictPublicBuckets === true,
    };
  },
  remove: (s3, Bucket) => s3.deletePublicAccessBlock({ Bucket }),
});

export const bucketOwnershipControls = bucketSetting<BucketOwnershipControlsArgs>({
  type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  properties: { rule: { required: true, fields: { objectOwnership: true } } },
  gone: ["OwnershipControlsNotFoundError"],
  put: (s3, Bucket, { rule }) =>
    s3.putBucketOwnershipControls({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: rule.objectOwnership as ObjectOwnership }] },
    }),
  async get(s3, Bucket) {
    const { OwnershipControls } = await s3.getBucketOwnershipControls({ Bucket });
    const objectOwnership = OwnershipControls?.Rules?.[0]?.ObjectOwnership;
    return objectOwnership === undefined ? undefined : { rule: { objectOwnership } };
  },
  remove: (s3, Bucket) => s3.deleteBucketOwnershipControls({ Bucket }),
});

export const bucketPolicy = bucketSetting<BucketPolicyArgs>({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  properties: { policy: { required: true, json: true, unordered: true } },
  gone: ["NoSuchBucketPolicy"],
  put: (s3, Bucket, { policy }) =>
    s3.putBucketPolicy({ Bucket, Policy: typeof policy === "string" ? policy : JSON.stringify(policy) }),
  async get(s3, Bucket) {
    const { Policy } = await s3.getBucketPolicy({ Bucket });
    return Policy === undefined ? undefined : { policy: Policy };
  },
  remove: (s3, Bucket) => s3.deleteBucketPolicy({ Bucket }),
});
