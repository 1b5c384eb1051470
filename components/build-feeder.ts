import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping.js";
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
import { CODEBUILD_SETTINGS_VARIABLE } from "../contracts/codebuild-settings.ts";
import type { BuildProject } from "./build-project.ts";
import type { DrainedQueue } from "./docker-runner.ts";
import { type GithubAppAccess, githubAccess } from "./github-app-key.ts";
import { type FunctionSettings, LambdaFunction } from "./lambda-function.ts";
import { readSecrets, type Statement, sendTo, takeMessages } from "./plan/policy.ts";
import { describeImages } from "./plan/registry-policy.ts";
import type { Tags } from "./plan/tags.ts";
import type { MachineImages } from "./runner-images.ts";

/** One build queue with what does its jobs. */
export interface FedQueue {
  readonly architecture: Architecture;
  readonly queue: DrainedQueue;
  readonly project: BuildProject;
  readonly images: MachineImages;
}

export interface BuildFeederArgs {
  /** The function's name. */
  readonly functionName: string;
  /** Bundle of `functions/codebuild`. */
  readonly code: asset.Archive;
  readonly settings: FunctionSettings;
  /** The owner of every repository. */
  readonly organization: string;
  readonly queues: readonly FedQueue[];
  /** The images' repositories, by ARN. */
  readonly repositories: readonly Input<string>[];
  readonly builds: { readonly name: Input<string>; readonly arn: Input<string> };
  readonly github: GithubAppAccess;
  readonly alarmTopicArn: Input<string>;
  readonly tags: Tags;
}

/** What the feeder reads and writes, by ARN. */
export interface FeederReach {
  readonly queues: readonly string[];
  readonly deadLetterQueues: readonly string[];
  readonly projects: readonly string[];
  readonly imagesProjects: readonly string[];
  readonly repositories: readonly string[];
  readonly buildsTable: string;
  readonly appKey: string;
}

/** What the feeder may do: take jobs, start builds for them, and tell of those that cannot be done. */
export function feederStatements(reach: FeederReach): readonly Statement[] {
  return [
    takeMessages(reach.queues, "TakeJobs"),
    sendTo(reach.deadLetterQueues, "KeepWhatIsNoJob"),
    {
      Sid: "StartBuilds",
      Effect: "Allow",
      Action: ["codebuild:StartBuild"],
      Resource: [...reach.projects, ...reach.imagesProjects],
    },
    // AWS asks for it on the project, not on the build.
    { Sid: "LookAtBuilds", Effect: "Allow", Action: ["codebuild:BatchGetBuilds"], Resource: reach.projects },
    describeImages(reach.repositories),
    {
      Sid: "TellBuilds",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
      Resource: [reach.buildsTable],
    },
    readSecrets([reach.appKey]),
  ];
}

/** Below the queue's own visibility timeout, so that no message is handed out twice while the function has it. */
const TIMEOUT_SECONDS = 30;

/** Starts a CodeBuild build for each job of some build queues, and looks after it until the job has its end. */
export class BuildFeeder extends ComponentResource {
  readonly functionName: Output<string>;

  constructor(name: string, args: BuildFeederArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:BuildFeeder", name, {}, opts);
    const child = { parent: this };
    const lambda = new LambdaFunction(
      name,
      {
        functionName: args.functionName,
        description: "Starts a CodeBuild build for each job of its queues",
        code: args.code,
        settings: { ...args.settings, timeoutSeconds: TIMEOUT_SECONDS },
        environment: {
          [CODEBUILD_SETTINGS_VARIABLE]: jsonStringify({
            organization: args.organization,
            buildsTable: args.builds.name,
            queues: args.queues.map(({ architecture, queue, project, images }) => ({
              architecture,
              arn: queue.arn,
              url: queue.url,
              deadLetterUrl: queue.deadLetters.url,
              project: project.projectName,
              imagesProject: images.project.projectName,
              images: [images.builder, images.agent].map(({ repository, tag }) => ({ repository, tag })),
            })),
            github: githubAccess(args.github),
          }),
        },
        statements: output({
          queues: args.queues.map(({ queue }) => queue.arn),
          deadLetterQueues: args.queues.map(({ queue }) => queue.deadLetters.arn),
          projects: args.queues.map(({ project }) => project.arn),
          imagesProjects: args.queues.map(({ images }) => images.project.arn),
          repositories: [...args.repositories],
          buildsTable: args.builds.arn,
          appKey: args.github.key.arn,
        }).apply((reach) =>
          feederStatements({ ...reach, imagesProjects: [...new Set(reach.imagesProjects)] }),
        ),
        after: args.github.key.ready,
        alarmTopicArn: args.alarmTopicArn,
        tags: args.tags,
      },
      child,
    );
    for (const { architecture, queue } of args.queues) {
      new EventSourceMapping(
        `${name}-${architecture}`,
        {
          eventSourceArn: queue.arn,
          functionName: lambda.functionName,
          batchSize: 1,
          functionResponseTypes: ["ReportBatchItemFailures"],
          // The fewest that AWS takes: most of a job's time nothing is to be done for it.
          scalingConfig: { maximumConcurrency: 2 },
          tags: { ...args.tags },
        },
        child,
      );
    }
    this.functionName = lambda.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }
}
