import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { zip } from "../framework/zip.ts";
import { type Lifecycle, live, type Stand, stand } from "./testing/lifecycle.ts";

let here: Stand;

const ROLE = "arn:aws:iam::000000000000:role/builds";

beforeAll(async () => {
  here = await stand();
  const iam = await here.aws.iam();
  const trust = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  };
  await iam.createRole({ RoleName: "builds", AssumeRolePolicyDocument: JSON.stringify(trust) });
  await (await here.aws.sqs()).createQueue({ QueueName: "jobs" });
  await (await here.aws.s3()).createBucket({ Bucket: "contexts" });
  await (await here.aws.s3()).putBucketVersioning({
    Bucket: "contexts",
    VersioningConfiguration: { Status: "Enabled" },
  });
  await (await here.aws.ecr()).createRepository({ repositoryName: "hypriot/other" });
  const { endpoint, region, credentials } = here.emulator;
  const ZipFile = await zip([
    { name: "index.mjs", content: Buffer.from("export const handler = async () => ({});") },
  ]);
  for (const FunctionName of ["start", "start-again"]) {
    await new LambdaClient({ endpoint, region, credentials }).send(
      new CreateFunctionCommand({
        FunctionName,
        Role: ROLE,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile },
      }),
    );
  }
});
afterAll(() => here.close());

const environment = {
  type: "ARM_CONTAINER",
  image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
  computeType: "BUILD_GENERAL1_SMALL",
  imagePullCredentialsType: "CODEBUILD",
  privilegedMode: true,
  environmentVariables: [{ name: "BUILDER_IMAGE", type: "PLAINTEXT", value: "builder:1" }],
};
const project = {
  name: "runner-arm64",
  description: "Does build jobs",
  source: { type: "NO_SOURCE", buildspec: '{"version":0.2}' },
  artifacts: { type: "NO_ARTIFACTS" },
  environment,
  serviceRole: ROLE,
  buildTimeout: 75,
  concurrentBuildLimit: 4,
  logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: "/aws/codebuild/runner-arm64" } },
  tags: { owner: "ci" },
};

/** An asset as the engine hands it over. */
const asset = (text: string, hash: string) => ({
  "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
  hash,
  text,
});

const mapping = {
  eventSourceArn: "arn:aws:sqs:us-east-1:000000000000:jobs",
  functionName: "start",
  batchSize: 1,
  functionResponseTypes: ["ReportBatchItemFailures"],
  scalingConfig: { maximumConcurrency: 2 },
  tags: { owner: "ci" },
};

const lifecycle = (countNumber: number) =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber },
        action: { type: "expire" },
      },
    ],
  });

const object = { bucket: "contexts", key: "images/builder.tar.gz", contentType: "application/gzip" };

const lives: readonly Lifecycle[] = [
  {
    type: "aws:codebuild/project:Project",
    inputs: project,
    changed: {
      ...project,
      description: "Does others",
      environment: { ...environment, computeType: "BUILD_GENERAL1_LARGE" },
      concurrentBuildLimit: 8,
      tags: { team: "release" },
    },
    drift: {
      act: async (aws) =>
        (await aws.codebuild()).updateProject({
          name: "runner-arm64",
          timeoutInMinutes: 10,
          source: { type: "NO_SOURCE", buildspec: "{}" },
        }),
      seen: ["buildTimeout", "source.buildspec"],
    },
    outputs: { arn: "arn:aws:codebuild:us-east-1:000000000000:project/runner-arm64" },
    importId: () => "runner-arm64",
    // The emulator does not keep them.
    hidden: ["concurrentBuildLimit", "logsConfig", "queuedTimeout"],
  },
  {
    type: "aws:ecr/repository:Repository",
    inputs: {
      name: "hypriot/builder",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: true,
      tags: { owner: "ci" },
    },
    changed: { name: "hypriot/builder", forceDelete: true, tags: { team: "release" } },
    drift: {
      act: async (aws) =>
        (await aws.ecr()).putImageTagMutability({
          repositoryName: "hypriot/builder",
          imageTagMutability: "MUTABLE",
        }),
      seen: ["imageTagMutability"],
    },
    outputs: {
      arn: "arn:aws:ecr:us-east-1:000000000000:repository/hypriot/builder",
      repositoryUrl: "000000000000.dkr.ecr.us-east-1.amazonaws.com/hypriot/builder",
    },
    hidden: ["forceDelete"],
  },
  {
    type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    inputs: { repository: "hypriot/other", policy: lifecycle(20) },
    changed: { repository: "hypriot/other", policy: lifecycle(5) },
    drift: {
      act: async (aws) =>
        (await aws.ecr()).putLifecyclePolicy({
          repositoryName: "hypriot/other",
          lifecyclePolicyText: lifecycle(1),
        }),
      seen: ["policy"],
    },
  },
  {
    type: "aws:lambda/eventSourceMapping:EventSourceMapping",
    inputs: mapping,
    changed: { ...mapping, functionName: "start-again", batchSize: 2, tags: { team: "release" } },
    drift: {
      act: async (aws, { id }) =>
        (await aws.lambda()).updateEventSourceMapping({ UUID: id, Enabled: false, BatchSize: 10 }),
      seen: ["batchSize", "enabled"],
    },
  },
  {
    type: "aws:s3/bucketObjectv2:BucketObjectv2",
    inputs: { ...object, source: asset("one", "1"), tags: { owner: "ci" } },
    changed: { ...object, source: asset("two", "2"), tags: { team: "release" } },
    drift: {
      act: async (aws) =>
        (await aws.s3()).putObject({ Bucket: object.bucket, Key: object.key, Body: "somebody's" }),
      seen: ["contentType", "source", "tags"],
    },
    outputs: {
      arn: "arn:aws:s3:::contexts/images/builder.tar.gz",
      etag: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
    hidden: ["source"],
  },
];

test.each(lives.map((life) => [life.type, life] as const))("%s", async (_, life) => {
  await live(here, life);
});
