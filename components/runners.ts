import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import type { Architecture } from "../contracts/architecture.ts";
import type { BuildQueue } from "./build-queue.ts";
import { BuilderImage } from "./builder-image.ts";
import { CodebuildRunner } from "./codebuild-runner.ts";
import { DockerRunner, type DockerRunnerArgs } from "./docker-runner.ts";
import type { FunctionSettings } from "./lambda-function.ts";
import { MACHINES, machineOf } from "./plan/codebuild.ts";
import type {
  CodebuildRunnerSettings,
  DockerRunnerSettings,
  ReleasePipelineArgs,
} from "./release-pipeline-args.ts";
import { RunnerImages } from "./runner-images.ts";

export interface RunnersArgs {
  readonly pipeline: Pick<
    ReleasePipelineArgs,
    "names" | "organization" | "runners" | "images" | "codebuild" | "aws" | "tags"
  > & { readonly functions: FunctionSettings };
  readonly queues: ReadonlyMap<Architecture, BuildQueue>;
  readonly shared: Pick<DockerRunnerArgs, "bucket" | "builds" | "github" | "logsUrl">;
  readonly alarmTopicArn: Input<string>;
}

/** The kind of runner that takes an architecture's jobs: config sees to it that they are all of one kind. */
export function drains(
  runners: ReleasePipelineArgs["runners"],
  architecture: Architecture,
): "docker" | "codebuild" {
  const taking = Object.values(runners).filter(({ architectures }) => architectures.includes(architecture));
  return taking.some(({ kind }) => kind === "codebuild") ? "codebuild" : "docker";
}

/** What drains the build queues: each runner those of its architectures. Gives the containers on Docker hosts, by runner. */
export function registerRunners(
  { pipeline, queues, shared, alarmTopicArn }: RunnersArgs,
  opts: ComponentResourceOptions,
): Record<string, Output<string>> {
  const { names, tags, aws } = pipeline;
  const own = (architectures: readonly Architecture[]) =>
    new Map([...queues].filter(([architecture]) => architectures.includes(architecture)));

  const docker = (key: string, runner: DockerRunnerSettings) => {
    const onHost = { ...opts, providers: { docker: runner.provider } };
    const builder = new BuilderImage(`${key}-builder`, { source: pipeline.images.builder }, onHost);
    const agent = new DockerRunner(
      key,
      {
        runner: names.runner(key),
        source: pipeline.images.agent,
        builderImage: builder.reference,
        queues: Object.fromEntries(own(runner.architectures)),
        ...shared,
        socket: runner.socket,
        limits: runner.limits,
        slots: runner.slots,
        region: aws.region,
        ...(aws.endpoint === undefined ? {} : { endpoint: aws.endpoint }),
        tags,
      },
      onHost,
    );
    return agent.container;
  };

  const images = registerImages(pipeline, shared.bucket, opts);
  const codebuild = (key: string, runner: CodebuildRunnerSettings) => {
    if (images === undefined || pipeline.codebuild === undefined)
      throw new Error(`runners.${key}: found no images, expected what CodeBuild needs`);
    const { compute, concurrency, limits } = runner;
    new CodebuildRunner(
      key,
      {
        runner: names.runner(key),
        images,
        queues: own(runner.architectures),
        ...{ compute, concurrency, limits },
        ...shared,
        organization: pipeline.organization.name,
        region: aws.region,
        code: pipeline.codebuild.code,
        functions: pipeline.functions,
        alarmTopicArn,
        tags,
      },
      opts,
    );
  };

  const containers: [string, Output<string>][] = [];
  for (const [key, runner] of Object.entries(pipeline.runners)) {
    if (runner.kind === "docker") containers.push([key, docker(key, runner)]);
    else codebuild(key, runner);
  }
  return Object.fromEntries(containers);
}

function registerImages(
  pipeline: RunnersArgs["pipeline"],
  bucket: DockerRunnerArgs["bucket"],
  opts: ComponentResourceOptions,
): RunnerImages | undefined {
  const used = Object.values(pipeline.runners).flatMap((runner) =>
    runner.kind === "codebuild" ? runner.architectures.map(machineOf) : [],
  );
  if (used.length === 0 || pipeline.codebuild === undefined) return undefined;
  const { archives } = pipeline.codebuild;
  return new RunnerImages(
    "runner-images",
    {
      prefix: pipeline.names.prefix,
      images: {
        builder: { source: pipeline.images.builder, archive: archives.builder },
        agent: { source: pipeline.images.agent, archive: archives.agent },
      },
      machines: MACHINES.filter((machine) => used.includes(machine)),
      bucket,
      logRetentionDays: pipeline.functions.logRetentionDays,
      tags: pipeline.tags,
    },
    opts,
  );
}
