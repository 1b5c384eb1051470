import { beforeAll, describe, expect, it } from "vitest";
import { ArtifactBucket, bucketStatements } from "./artifact-bucket.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

let registered: Registered[];
let withDownloads: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const bucket = new ArtifactBucket("artifacts", {
    bucket: "hypriot-test-artifacts",
    retention: { buildsDays: 30, pullRequestsDays: 7, cacheDays: 14, noncurrentDays: 3 },
    tags: { stack: "test" },
  });
  await resolved(bucket.urn);
  withDownloads = mockEngine();
  const open = new ArtifactBucket("public", {
    bucket: "hypriot-test-public",
    retention: { buildsDays: 30, pullRequestsDays: 7, cacheDays: 14, noncurrentDays: 3 },
    publicDownloads: true,
    tags: { stack: "test" },
  });
  await resolved(open.urn);
  expect(await resolved(bucket.bucket)).toBe("hypriot-test-artifacts");
});

describe("ArtifactBucket", () => {
  it("keeps what is in it and is tagged", () => {
    expect(only(registered, "s3/bucket:Bucket").inputs).toEqual({
      bucket: "hypriot-test-artifacts",
      forceDestroy: false,
      tags: { stack: "test", component: "artifact-bucket" },
    });
  });

  it("is versioned, encrypted and owned by the account alone", () => {
    expect(only(registered, "BucketVersioning").inputs).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    expect(only(registered, "BucketServerSideEncryptionConfiguration").inputs).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
    });
    expect(only(registered, "BucketOwnershipControls").inputs).toMatchObject({
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
  });

  it("is not public unless told so, and only reached over TLS", () => {
    expect(only(registered, "BucketPublicAccessBlock").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const policy = JSON.parse(String(only(registered, "BucketPolicy").inputs.policy));
    expect(policy.Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
  });

  it("lets everybody read the lists of downloads and nothing else, where it is told so", () => {
    expect(bucketStatements("bucket", true).slice(1)).toEqual([
      {
        Sid: "EverybodyReadsDownloads",
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:GetObject"],
        Resource: ["bucket/downloads/*"],
      },
    ]);
    expect(only(withDownloads, "BucketPublicAccessBlock", "public").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: false,
      ignorePublicAcls: true,
      restrictPublicBuckets: false,
    });
  });

  it("cleans up by prefix", () => {
    const { rules } = only(registered, "BucketLifecycleConfiguration").inputs;
    expect((rules as { id: string }[]).map(({ id }) => id)).toEqual([
      "builds",
      "pull-requests",
      "cache",
      "noncurrent-versions",
      "aborted-uploads",
    ]);
  });
});
