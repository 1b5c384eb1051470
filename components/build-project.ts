import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Project } from "@pulumi/aws/codebuild/project.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { type BuildSpec, buildspecText } from "./plan/buildspec.ts";
import type { ComputeSize, Machine } from "./plan/codebuild.ts";
import { projectEnvironment } from "./plan/project.ts";
import type { Tags } from "./plan/tags.ts";

export interface BuildProjectArgs {
  /** The project's name; its log group is `/aws/codebuild/<name>`. */
  readonly project: string;
  readonly description: string;
  readonly machine: Machine;
  readonly compute: ComputeSize;
  readonly buildspec: BuildSpec;
  /** In the open: no secrets. */
  readonly variables: Readonly<Record<string, Input<string>>>;
  readonly roleArn: Input<string>;
  /** Builds at the same time; undefined for as many as the account may have. */
  readonly concurrency: number | undefined;
  readonly timeoutMinutes: number;
  /** Where its logs go: the role's policy names it before there is a project. */
  readonly logGroup: LogGroup;
  /** What must be there before its first build. */
  readonly after: readonly Resource[];
  readonly tags: Tags;
}

/** CodeBuild's own longest: a build that finds no machine waits for so long, and the job is begun again. */
const QUEUED_MINUTES = 480;

/** A project's log group, by the name that CodeBuild itself would give it. */
export function buildLogGroup(
  name: string,
  args: { readonly project: string; readonly retentionDays: number; readonly tags: Tags },
  parent: Resource,
): LogGroup {
  return new LogGroup(
    name,
    { name: `/aws/codebuild/${args.project}`, retentionInDays: args.retentionDays, tags: { ...args.tags } },
    { parent },
  );
}

/** A CodeBuild project that does not fetch a source: it is told what to do by its environment. */
export class BuildProject extends ComponentResource {
  readonly projectName: Output<string>;
  readonly arn: Output<string>;

  constructor(name: string, args: BuildProjectArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:BuildProject", name, {}, opts);
    const project = new Project(
      name,
      {
        name: args.project,
        description: args.description,
        source: { type: "NO_SOURCE", buildspec: buildspecText(args.buildspec) },
        artifacts: { type: "NO_ARTIFACTS" },
        environment: projectEnvironment(args.machine, args.compute, args.variables),
        serviceRole: args.roleArn,
        buildTimeout: args.timeoutMinutes,
        queuedTimeout: QUEUED_MINUTES,
        ...(args.concurrency === undefined ? {} : { concurrentBuildLimit: args.concurrency }),
        logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: args.logGroup.name } },
        tags: { ...args.tags },
      },
      { parent: this, dependsOn: [...args.after] },
    );
    this.projectName = project.name;
    this.arn = project.arn;
    this.registerOutputs({ projectName: this.projectName, arn: this.arn });
  }
}
