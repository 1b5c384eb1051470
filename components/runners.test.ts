import { Provider as DockerProvider } from "@pulumi/docker/provider.js";
import { all } from "@pulumi/pulumi";
import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { StringAsset } from "@pulumi/pulumi/asset/asset.js";
import { beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { Architecture } from "../contracts/architecture.ts";
import { RUNNER_FILES, RunnerSettings } from "../contracts/runner-settings.ts";
import { BuildQueue } from "./build-queue.ts";
import { physicalNames } from "./plan/names.ts";
import { drains, registerRunners } from "./runners.ts";
import { appAccess } from "./testing/app-access.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

const Uploads = z.object({ value: z.array(z.object({ file: z.string(), content: z.string() })) });

const limits = { memoryMiB: 1024, cpus: 1, minutes: 5, diskMiB: 2048 };
const image = (name: string) => ({
  name,
  context: name,
  fingerprint: "f".repeat(64),
  baseImage: "debian:trixie-slim",
});

let registered: Registered[];

function host(name: string, architectures: readonly Architecture[]) {
  const provider = new DockerProvider(`docker-${name}`, { host: `ssh://builder@${name}.example` });
  return {
    kind: "docker",
    provider,
    architectures,
    slots: 2,
    socket: "/var/run/docker.sock",
    limits,
  } as const;
}

beforeAll(async () => {
  registered = mockEngine();
  const runners = {
    "arm-1": host("arm-1", ["armhf", "armel"]),
    "arm-2": host("arm-2", ["armhf"]),
    cloud: {
      kind: "codebuild",
      architectures: ["arm64"],
      compute: "medium",
      concurrency: undefined,
      limits: { minutes: 60, diskMiB: 2048 },
    },
  } as const;
  const queues = new Map(
    (["arm64", "armel", "armhf"] as const).map((architecture) => [
      architecture,
      new BuildQueue(`build-${architecture}`, {
        queue: architecture,
        alarmTopicArn: "arn:topic",
        maxAgeMinutes: 30,
        drainedBy: drains(runners, architecture),
        tags: {},
      }),
    ]),
  );
  const pipeline = {
    names: physicalNames("hypriot", "test"),
    organization: { name: "hypriot", visibility: "public", teams: {} },
    runners,
    images: { builder: image("builder"), agent: image("runner") },
    codebuild: {
      code: new AssetArchive({}),
      archives: { builder: new StringAsset("a tar"), agent: new StringAsset("a tar") },
    },
    functions: {
      memoryMiB: 256,
      timeoutSeconds: 30,
      logRetentionDays: 14,
    },
    aws: { region: "eu-central-1" },
    tags: {},
  } as const;
  const shared = {
    bucket: { name: "artifacts", arn: "arn:aws:s3:::artifacts" },
    builds: { name: "builds", arn: "arn:table:builds" },
    github: appAccess(),
    logsUrl: "https://dispatch.example/logs/",
  };
  await resolved(
    all(Object.values(registerRunners({ pipeline, queues, shared, alarmTopicArn: "arn:topic" }, {}))),
  );
});

function drained(runner: string): string[] {
  const { value: uploads } = Uploads.parse(only(registered, "Container", runner).inputs.uploads);
  const settings = uploads.find(({ file }) => file === RUNNER_FILES.settings);
  const { queues } = RunnerSettings.parse(JSON.parse(settings?.content ?? ""));
  return Object.values(queues)
    .map(({ url }) => url)
    .sort();
}

it("drains each queue by exactly the runners that name its architecture", () => {
  expect(drained("arm-1")).toEqual(["https://queue.example/armel", "https://queue.example/armhf"]);
  expect(drained("arm-2")).toEqual(["https://queue.example/armhf"]);
  const mappings = registered.filter(({ type }) => type.endsWith("EventSourceMapping"));
  expect(mappings.map(({ inputs }) => inputs.eventSourceArn)).toEqual(["arn:aws:sqs:region:account:arm64"]);
});

it("counts hand-outs where a Docker host takes the jobs, and lets CodeBuild's wait for room", () => {
  const receives = (architecture: string) => {
    const { redrivePolicy } = only(registered, "sqs/queue:Queue", `build-${architecture}`).inputs;
    return JSON.parse(String(redrivePolicy)).maxReceiveCount;
  };
  expect(["armhf", "armel", "arm64"].map(receives)).toEqual([3, 3, 1000]);
});
