import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import {
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
  output,
} from "@pulumi/pulumi";
import type { Architecture } from "../contracts/architecture.ts";
import { type BuildLimits, RUNNER_SETTINGS_VARIABLE } from "../contracts/runner-settings.ts";
import { BuildFeeder } from "./build-feeder.ts";
import { BuildProject, buildLogGroup } from "./build-project.ts";
import type { DrainedQueue } from "./docker-runner.ts";
import { type GithubAppAccess, githubAccess } from "./github-app-key.ts";
import type { FunctionSettings } from "./lambda-function.ts";
import { IMAGE_VARIABLES, jobBuildspec } from "./plan/buildspec.ts";
import { buildTimeoutMinutes, type ComputeSize, machineLimits, machineOf } from "./plan/codebuild.ts";
import { codebuildNames } from "./plan/names.ts";
import {
  type BuildReach,
  buildStatements,
  policyDocument,
  type Statement,
  strangerStatements,
  takeRole,
  trustPolicy,
  writeLogs,
} from "./plan/policy.ts";
import { LOG_IN_TO_REGISTRY, pullImages } from "./plan/registry-policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";
import type { RunnerImages } from "./runner-images.ts";

interface Reference {
  readonly name: Input<string>;
  readonly arn: Input<string>;
}

export interface CodebuildRunnerArgs {
  /** What the names of its projects, roles and function begin with. */
  readonly runner: string;
  readonly images: RunnerImages;
  /** The queues to drain, by Debian architecture. */
  readonly queues: ReadonlyMap<Architecture, DrainedQueue>;
  readonly compute: ComputeSize;
  /** Builds of one architecture at the same time; undefined for as many as the account may have. */
  readonly concurrency: number | undefined;
  readonly limits: Pick<BuildLimits, "minutes" | "diskMiB">;
  readonly bucket: Reference;
  /** The table of builds. */
  readonly builds: Reference;
  readonly github: GithubAppAccess;
  /** Where builds' logs are shown. */
  readonly logsUrl: Input<string>;
  /** The owner of every repository. */
  readonly organization: string;
  readonly region: string;
  /** Bundle of `functions/codebuild`. */
  readonly code: asset.Archive;
  readonly functions: FunctionSettings;
  readonly alarmTopicArn: Input<string>;
  readonly tags: Tags;
}

/** What a project's role reads and writes, by ARN. */
export interface ProjectReach extends BuildReach {
  readonly strangerRole: string;
  readonly repositories: readonly string[];
  readonly logs: readonly string[];
}

/** What CodeBuild may do as the runner: what any runner may with a job, pull the images, and write its own logs. */
export function projectStatements(reach: ProjectReach): readonly Statement[] {
  return [
    ...buildStatements(reach),
    takeRole(reach.strangerRole),
    LOG_IN_TO_REGISTRY,
    pullImages(reach.repositories),
    writeLogs(...reach.logs),
  ];
}

/** The volume of a machine that lives for one build. */
const CACHE_VOLUME = "hypriotos-cache";

/** Does build jobs in AWS CodeBuild: a project for each architecture, and the function that starts its builds. */
export class CodebuildRunner extends ComponentResource {
  /** Name of the function that starts builds. */
  readonly feeder: Output<string>;

  constructor(name: string, args: CodebuildRunnerArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:CodebuildRunner", name, {}, opts);
    const child = { parent: this };
    const tags = componentTags(args.tags, "codebuild-runner");
    const names = codebuildNames(args.runner);
    const role = new Role(
      name,
      {
        name: names.role,
        description: "What a build runner in CodeBuild may do",
        assumeRolePolicy: trustPolicy({ service: "codebuild.amazonaws.com" }),
        tags,
      },
      child,
    );
    // A role cannot trust itself before it is there, so that strangers' builds have one of their own.
    const strangers = new Role(
      `${name}-strangers`,
      {
        name: names.strangers,
        description: "The most that a stranger's build in CodeBuild may do",
        assumeRolePolicy: role.arn.apply((arn) => trustPolicy({ role: arn })),
        tags,
      },
      child,
    );
    const strangerPolicy = new RolePolicy(
      `${name}-strangers`,
      {
        name: names.strangers,
        role: strangers.name,
        policy: output(args.bucket.arn).apply((arn) => policyDocument(strangerStatements(arn))),
      },
      child,
    );
    const queues = [...args.queues].map(([architecture, queue]) => ({
      architecture,
      queue,
      images: args.images.of(machineOf(architecture)),
      logGroup: buildLogGroup(
        `${name}-${architecture}`,
        { project: names.project(architecture), retentionDays: args.functions.logRetentionDays, tags },
        this,
      ),
    }));
    const policy = new RolePolicy(
      name,
      {
        name: names.role,
        role: role.name,
        policy: output({
          bucket: args.bucket.arn,
          buildsTable: args.builds.arn,
          appKey: args.github.key.arn,
          strangerRole: strangers.arn,
          repositories: args.images.repositories,
          logs: queues.map(({ logGroup }) => logGroup.arn),
        }).apply((reach) => policyDocument(projectStatements(reach))),
      },
      child,
    );
    const fed = queues.map(({ architecture, queue, images, logGroup }) => ({
      architecture,
      queue,
      images,
      project: new BuildProject(
        `${name}-${architecture}`,
        {
          project: names.project(architecture),
          description: `Does build jobs for ${architecture}`,
          machine: machineOf(architecture),
          compute: args.compute,
          buildspec: jobBuildspec(),
          variables: {
            [IMAGE_VARIABLES.builder]: images.builder.reference,
            [IMAGE_VARIABLES.agent]: images.agent.reference,
            [RUNNER_SETTINGS_VARIABLE]: jsonStringify({
              name: names.project(architecture),
              slots: 1,
              region: args.region,
              role: strangers.arn,
              bucket: args.bucket.name,
              buildsTable: args.builds.name,
              queues: {},
              builderImage: images.builder.reference,
              cacheVolume: CACHE_VOLUME,
              limits: machineLimits(args.compute, args.limits),
              github: githubAccess(args.github),
              logsUrl: args.logsUrl,
            }),
          },
          roleArn: role.arn,
          concurrency: args.concurrency,
          timeoutMinutes: buildTimeoutMinutes(args.limits),
          logGroup,
          after: [policy, strangerPolicy, ...args.github.key.ready],
          tags,
        },
        child,
      ),
    }));
    const feeder = new BuildFeeder(
      `${name}-start`,
      {
        functionName: names.feeder,
        code: args.code,
        settings: args.functions,
        organization: args.organization,
        queues: fed,
        repositories: args.images.repositories,
        builds: args.builds,
        github: args.github,
        alarmTopicArn: args.alarmTopicArn,
        tags,
      },
      child,
    );
    this.feeder = feeder.functionName;
    this.registerOutputs({ feeder: this.feeder });
  }
}
