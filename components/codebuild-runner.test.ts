import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { StringAsset } from "@pulumi/pulumi/asset/asset.js";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CODEBUILD_SETTINGS_VARIABLE, CodebuildSettings } from "../contracts/codebuild-settings.ts";
import { RUNNER_SETTINGS_VARIABLE, RunnerSettings } from "../contracts/runner-settings.ts";
import { CodebuildRunner } from "./codebuild-runner.ts";
import { RunnerImages } from "./runner-images.ts";
import { appAccess } from "./testing/app-access.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

const Environment = z.object({
  environmentVariables: z.array(
    z.object({ name: z.string(), type: z.literal("PLAINTEXT"), value: z.string() }),
  ),
});

let registered: Registered[];

const bucket = { name: "artifacts", arn: "arn:aws:s3:::artifacts" };

function image(name: string) {
  const context = { name: `hypriotos/${name}`, context: name, fingerprint: "f".repeat(64) };
  return { source: { ...context, baseImage: "debian:trixie-slim" }, archive: new StringAsset("a tar") };
}

const queue = (architecture: string) => ({
  url: `https://queue.example/${architecture}`,
  arn: `arn:queue:${architecture}`,
  deadLetters: { url: `https://queue.example/${architecture}-dead`, arn: `arn:queue:${architecture}-dead` },
});

beforeAll(async () => {
  registered = mockEngine();
  const images = new RunnerImages("runner-images", {
    prefix: "hypriot-test",
    images: { builder: image("builder"), agent: image("runner") },
    machines: ["arm"],
    bucket,
    logRetentionDays: 14,
    tags: { stack: "test" },
  });
  const runner = new CodebuildRunner("cloud", {
    runner: "hypriot-test-runner-cloud",
    images,
    queues: new Map([
      ["arm64", queue("arm64")],
      ["armhf", queue("armhf")],
    ]),
    compute: "medium",
    concurrency: 4,
    limits: { minutes: 60, diskMiB: 2048 },
    bucket,
    builds: { name: "builds", arn: "arn:table:builds" },
    github: appAccess(),
    logsUrl: "https://dispatch.example/logs/",
    organization: "hypriot",
    region: "eu-central-1",
    code: new AssetArchive({}),
    functions: { memoryMiB: 256, timeoutSeconds: 300, logRetentionDays: 14 },
    alarmTopicArn: "arn:topic",
    tags: { stack: "test" },
  });
  await resolved(runner.feeder);
});

function variables(name: string): Record<string, string> {
  const { environmentVariables } = Environment.parse(only(registered, "Project", name).inputs.environment);
  return Object.fromEntries(environmentVariables.map((variable) => [variable.name, variable.value]));
}

describe("CodebuildRunner", () => {
  it("has a project for each architecture, on 64-bit ARM machines with a Docker daemon of their own", () => {
    for (const architecture of ["arm64", "armhf"]) {
      expect(only(registered, "Project", `cloud-${architecture}`).inputs).toMatchObject({
        name: `hypriot-test-runner-cloud-${architecture}`,
        source: { type: "NO_SOURCE" },
        artifacts: { type: "NO_ARTIFACTS" },
        environment: { type: "ARM_CONTAINER", computeType: "BUILD_GENERAL1_MEDIUM", privilegedMode: true },
        buildTimeout: 75,
        concurrentBuildLimit: 4,
        logsConfig: {
          cloudwatchLogs: { groupName: `/aws/codebuild/hypriot-test-runner-cloud-${architecture}` },
        },
        tags: { stack: "test", component: "codebuild-runner" },
      });
      expect(only(registered, "LogGroup", `cloud-${architecture}`).inputs).toMatchObject({
        retentionInDays: 14,
      });
    }
  });

  it("gives the agent settings that it reads, and no secret", () => {
    const { [RUNNER_SETTINGS_VARIABLE]: settings = "" } = variables("cloud-arm64");
    expect(RunnerSettings.parse(JSON.parse(settings))).toMatchObject({
      role: "arn:aws:iam/role:::hypriot-test-runner-cloud--strangers",
      queues: {},
      limits: { memoryMiB: 7168, cpus: 4, minutes: 60, diskMiB: 2048 },
      builderImage: expect.stringMatching(/\/hypriot-test\/builder:[0-9a-f]{12}-arm$/),
    });
    expect(settings).not.toContain("the App's key");
  });

  it("has a function that is called for each of its queues and no other, one message at a time", () => {
    const mappings = registered.filter(({ type }) => type.endsWith("EventSourceMapping"));
    expect(mappings.map(({ inputs }) => inputs)).toMatchObject(
      ["arn:queue:arm64", "arn:queue:armhf"].map((eventSourceArn) => ({
        eventSourceArn,
        batchSize: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
      })),
    );
    // A queue's visibility timeout is 180 s.
    expect(only(registered, "function:Function").inputs.timeout).toBeLessThanOrEqual(30);
  });

  it("gives that function settings that it reads", () => {
    const { environment } = only(registered, "function:Function").inputs;
    const { variables: given } = z.object({ variables: z.record(z.string(), z.string()) }).parse(environment);
    const settings = CodebuildSettings.parse(JSON.parse(given[CODEBUILD_SETTINGS_VARIABLE] ?? ""));
    expect(settings.queues.map(({ architecture, project }) => [architecture, project])).toEqual([
      ["arm64", "hypriot-test-runner-cloud-arm64"],
      ["armhf", "hypriot-test-runner-cloud-armhf"],
    ]);
  });

  it("lets nobody but its own role take the role of strangers' builds", () => {
    const { assumeRolePolicy } = only(registered, "iam/role:Role", "cloud-strangers").inputs;
    expect(JSON.parse(String(assumeRolePolicy)).Statement[0].Principal).toEqual({
      AWS: "arn:aws:iam/role:::hypriot-test-runner-cloud",
    });
  });
});

describe("RunnerImages", () => {
  it("makes them one build at a time, from contexts that no runner may write", () => {
    expect(only(registered, "Project", "runner-images-arm").inputs).toMatchObject({
      concurrentBuildLimit: 1,
    });
    expect(only(registered, "BucketObjectv2", "runner-images-builder").inputs.key).toMatch(
      /^images\/hypriot-test-builder-f{64}\.tar\.gz$/,
    );
    expect(variables("runner-images-arm")).toMatchObject({ BASE_IMAGE: "debian:trixie-slim" });
  });

  it("keeps an image's name for its content, and few of them", () => {
    expect(only(registered, "ecr/repository:Repository", "runner-images-agent").inputs).toMatchObject({
      name: "hypriot-test/runner",
      imageTagMutability: "IMMUTABLE",
    });
  });
});
