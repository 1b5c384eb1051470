import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lifecycle, live, type Stand, stand } from "../testing/lifecycle.ts";

let here: Stand;

beforeAll(async () => {
  here = await stand();
  const s3 = await here.aws.s3();
  await s3.createBucket({ Bucket: "settings" });
  const sqs = await here.aws.sqs();
  const statement = {
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sqs:SendMessage",
  };
  // S3 takes no notification for a queue that it may not send to.
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ ...statement, Resource: QUEUE_ARN }],
  });
  await sqs.createQueue({ QueueName: "events", Attributes: { Policy } });
});
afterAll(() => here.close());

const policy = (action: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: action,
        Resource: ["arn:aws:s3:::settings", "arn:aws:s3:::settings/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });

const QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:events";

const lives: readonly Lifecycle[] = [
  {
    type: "aws:s3/bucket:Bucket",
    inputs: { bucket: "artifacts", tags: { owner: "ci", kind: "artifacts" } },
    changed: { bucket: "artifacts", forceDestroy: true, tags: { owner: "release" } },
    drift: {
      act: async (aws) =>
        (await aws.s3()).putBucketTagging({
          Bucket: "artifacts",
          Tagging: {
            TagSet: [
              { Key: "owner", Value: "ci" },
              { Key: "hand", Value: "made" },
            ],
          },
        }),
      seen: ["tags.hand", "tags.kind"],
    },
    hidden: ["forceDestroy"],
    outputs: {
      arn: "arn:aws:s3:::artifacts",
      bucketRegionalDomainName: "artifacts.s3.us-east-1.amazonaws.com",
    },
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    inputs: { bucket: "settings", versioningConfiguration: { status: "Enabled" } },
    drift: {
      act: async (aws) =>
        (await aws.s3()).putBucketVersioning({
          Bucket: "settings",
          VersioningConfiguration: { Status: "Suspended" },
        }),
      seen: ["versioningConfiguration.status"],
    },
    stays: true,
  },
  {
    type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    inputs: {
      bucket: "settings",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
    },
    changed: {
      bucket: "settings",
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/aws/s3" },
          bucketKeyEnabled: false,
        },
      ],
    },
    stays: true,
  },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs: {
      bucket: "settings",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    drift: {
      act: async (aws) =>
        (await aws.s3()).putPublicAccessBlock({
          Bucket: "settings",
          PublicAccessBlockConfiguration: { BlockPublicAcls: true },
        }),
      seen: ["blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
    },
    changed: { bucket: "settings", blockPublicAcls: true },
  },
  {
    type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    inputs: { bucket: "settings", rule: { objectOwnership: "BucketOwnerEnforced" } },
    changed: { bucket: "settings", rule: { objectOwnership: "BucketOwnerPreferred" } },
  },
  {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    inputs: { bucket: "settings", policy: policy("s3:*") },
    drift: {
      act: async (aws) =>
        (await aws.s3()).putBucketPolicy({ Bucket: "settings", Policy: policy("s3:GetObject") }),
      seen: ["policy"],
    },
    changed: { bucket: "settings", policy: policy("s3:PutObject") },
  },
  {
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    inputs: {
      bucket: "settings",
      rules: [
        { id: "builds", status: "Enabled", filter: { prefix: "builds/" }, expiration: { days: 30 } },
        {
          id: "rest",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 7 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
        },
      ],
    },
    drift: {
      act: async (aws) =>
        (await aws.s3()).putBucketLifecycleConfiguration({
          Bucket: "settings",
          LifecycleConfiguration: {
            Rules: [
              { ID: "builds", Status: "Disabled", Filter: { Prefix: "builds/" }, Expiration: { Days: 3 } },
            ],
          },
        }),
      seen: ["rules[0].expiration.days", "rules[0].status", "rules[1]"],
    },
    changed: {
      bucket: "settings",
      rules: [{ id: "builds", status: "Enabled", filter: { prefix: "builds/" }, expiration: { days: 60 } }],
    },
  },
  {
    type: "aws:s3/bucketNotification:BucketNotification",
    inputs: {
      bucket: "settings",
      queues: [
        {
          id: "manifests",
          queueArn: QUEUE_ARN,
          events: ["s3:ObjectCreated:*"],
          filterSuffix: "/manifest.json",
        },
      ],
    },
    drift: {
      act: async (aws) =>
        (await aws.s3()).putBucketNotificationConfiguration({
          Bucket: "settings",
          NotificationConfiguration: {
            QueueConfigurations: [{ Id: "manifests", QueueArn: QUEUE_ARN, Events: ["s3:ObjectRemoved:*"] }],
          },
        }),
      seen: ["queues"],
    },
    changed: {
      bucket: "settings",
      queues: [{ queueArn: QUEUE_ARN, events: ["s3:ObjectRemoved:*"] }],
      eventbridge: true,
    },
    // The id that S3 invented for the queue's entry.
    hidden: ["queues"],
  },
];

test.each(lives)("$type", (life) => live(here, life));

test("a bucket with objects goes only by force, with every version", async () => {
  const type = "aws:s3/bucket:Bucket";
  const s3 = await here.aws.s3();
  const { inputs } = await here.client.check(type, { bucket: "full" });
  const state = await here.client.create(type, inputs);
  await s3.putBucketVersioning({ Bucket: "full", VersioningConfiguration: { Status: "Enabled" } });
  for (const body of ["one", "two"]) await s3.putObject({ Bucket: "full", Key: "a/b", Body: body });
  await s3.deleteObject({ Bucket: "full", Key: "a/b" });
  await expect(here.client.delete(type, state)).rejects.toMatchObject({
    details: `delete ${type} subject: BucketNotEmpty: full still has objects or versions: set forceDestroy, or empty it`,
  });
  await here.client.delete(type, { ...state, inputs: { ...inputs, forceDestroy: true } });
  expect(await here.client.read(type, "full", state)).toBeUndefined();
});

test("a setting of a bucket that is gone is gone, and a wrong answer names the service's code", async () => {
  const type = "aws:s3/bucketPolicy:BucketPolicy";
  const state = { id: "nowhere", inputs: { bucket: "nowhere", policy: "{}" }, outputs: {} };
  expect(await here.client.read(type, "nowhere", state)).toBeUndefined();
  await here.client.delete(type, state);
  await expect(here.client.create(type, state.inputs)).rejects.toMatchObject({
    details: expect.stringMatching(/^create aws:s3\/bucketPolicy:BucketPolicy subject: NoSuchBucket 404: /),
  });
});

test("without a signature, an object is read where its bucket lets everybody, and nothing else is done", async () => {
  const s3 = await here.aws.s3();
  const Bucket = "for-everybody";
  await s3.createBucket({ Bucket });
  for (const Key of ["open/a", "closed/a"]) await s3.putObject({ Bucket, Key, Body: Key });
  const statement = {
    Effect: "Allow",
    Principal: "*",
    Action: "s3:*",
    Resource: `arn:aws:s3:::${Bucket}/open/*`,
  };
  const open = async (blocked: boolean) => {
    await s3.putPublicAccessBlock({
      Bucket,
      PublicAccessBlockConfiguration: { BlockPublicPolicy: blocked, RestrictPublicBuckets: blocked },
    });
    if (!blocked)
      await s3.putBucketPolicy({
        Bucket,
        Policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
      });
  };
  const ask = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${here.emulator.endpoint}${path}`, init)).status;
  const refused = [
    [`/${Bucket}/closed/a`, {}],
    [`/${Bucket}/open/a?acl`, {}],
    [`/${Bucket}/open/b`, { method: "PUT", body: "b" }],
    [`/${Bucket}/open/a`, { method: "DELETE" }],
    [`/${Bucket}/`, {}],
    ["/", {}],
    ["/2015-03-31/functions/", {}],
    [`/${Bucket}/open/a`, { headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } }],
    ["/_ministack/state/x", {}],
  ] as const;
  await open(false);
  expect(await ask(`/${Bucket}/open/a`)).toBe(200);
  for (const [path, init] of refused) expect([path, await ask(path, init)]).toEqual([path, 403]);
  await open(true);
  expect(await ask(`/${Bucket}/open/a`)).toBe(403);
});
