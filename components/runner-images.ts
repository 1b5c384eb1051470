import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { Repository } from "@pulumi/aws/ecr/repository.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2.js";
import {
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  interpolate,
  type Output,
  output,
} from "@pulumi/pulumi";
import { BuildProject, buildLogGroup } from "./build-project.ts";
import { contentFingerprint, type ImageSource, imageTag } from "./builder-image.ts";
import { CONTEXT_VARIABLES, IMAGE_VARIABLES, imagesBuildspec } from "./plan/buildspec.ts";
import type { Machine } from "./plan/codebuild.ts";
import { policyDocument, type Statement, trustPolicy, writeLogs } from "./plan/policy.ts";
import { IMAGE_LIFECYCLE, LOG_IN_TO_REGISTRY, pushImages } from "./plan/registry-policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";

/** An image with its build context as one file. */
export interface ArchivedImage {
  readonly source: ImageSource;
  /** A gzipped tar, as `docker build -` takes it. */
  readonly archive: Input<asset.Asset>;
}

export interface RunnerImagesArgs {
  /** What the names of repositories, projects and roles begin with. */
  readonly prefix: string;
  readonly images: { readonly builder: ArchivedImage; readonly agent: ArchivedImage };
  /** The kinds of machine that the images are made for. */
  readonly machines: readonly Machine[];
  /** Where the contexts lie, below `images/`: no runner may write there. */
  readonly bucket: { readonly name: Input<string>; readonly arn: Input<string> };
  readonly logRetentionDays: number;
  readonly tags: Tags;
}

/** An image in ECR. */
export interface RegistryImage {
  readonly repository: Output<string>;
  readonly tag: string;
  /** As `docker pull` takes it. */
  readonly reference: Output<string>;
}

export interface MachineImages {
  readonly builder: RegistryImage;
  readonly agent: RegistryImage;
  /** The project that makes them. */
  readonly project: BuildProject;
}

const TIMEOUT_MINUTES = 60;

interface Reach {
  readonly repositories: readonly string[];
  readonly contexts: readonly string[];
  readonly logs: readonly string[];
}

/** What the makers of images may do: read the contexts, push the images, write their logs. */
export function imageMakerStatements({ repositories, contexts, logs }: Reach): readonly Statement[] {
  return [
    LOG_IN_TO_REGISTRY,
    pushImages(repositories),
    { Sid: "ReadContexts", Effect: "Allow", Action: ["s3:GetObject"], Resource: contexts },
    writeLogs(...logs),
  ];
}

/**
 * The images that CodeBuild runs builds with, in ECR. A project for each kind of machine makes them there, natively,
 * when a job first needs them: `pulumi up` needs neither a Docker daemon nor a machine of that kind.
 */
export class RunnerImages extends ComponentResource {
  readonly repositories: readonly Output<string>[];
  readonly #machines: ReadonlyMap<Machine, MachineImages>;

  constructor(name: string, args: RunnerImagesArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:RunnerImages", name, {}, opts);
    const child = { parent: this };
    const tags = componentTags(args.tags, "runner-images");
    const builder = this.#image(`${name}-builder`, `${args.prefix}/builder`, args.images.builder, args, tags);
    const agent = this.#image(`${name}-agent`, `${args.prefix}/runner`, args.images.agent, args, tags);
    this.repositories = [builder.repository.arn, agent.repository.arn];
    const role = new Role(
      name,
      {
        name: `${args.prefix}-images`,
        description: "What makes the images that builds run in",
        assumeRolePolicy: trustPolicy({ service: "codebuild.amazonaws.com" }),
        tags,
      },
      child,
    );
    const projectName = (machine: Machine) => `${args.prefix}-images-${machine}`;
    const logs = new Map(
      args.machines.map((machine) => [
        machine,
        buildLogGroup(
          `${name}-${machine}`,
          { project: projectName(machine), retentionDays: args.logRetentionDays, tags },
          this,
        ),
      ]),
    );
    const policy = new RolePolicy(
      name,
      {
        name: `${args.prefix}-images`,
        role: role.name,
        policy: output({
          repositories: this.repositories,
          contexts: [builder.context.arn, agent.context.arn],
          logs: [...logs.values()].map(({ arn }) => arn),
        }).apply((reach) => policyDocument(imageMakerStatements(reach))),
      },
      child,
    );
    this.#machines = new Map(
      [...logs].map(([machine, logGroup]) => {
        const images = { builder: builder.of(machine), agent: agent.of(machine) };
        const project = new BuildProject(
          `${name}-${machine}`,
          {
            project: projectName(machine),
            description: `Makes the images that builds run in, on ${machine}`,
            machine,
            compute: "small",
            buildspec: imagesBuildspec(),
            variables: {
              [IMAGE_VARIABLES.builder]: images.builder.reference,
              [IMAGE_VARIABLES.agent]: images.agent.reference,
              [IMAGE_VARIABLES.base]: args.images.builder.source.baseImage,
              [CONTEXT_VARIABLES.builder]: builder.url,
              [CONTEXT_VARIABLES.agent]: agent.url,
            },
            roleArn: role.arn,
            // Whoever asks while one is under way is told so.
            concurrency: 1,
            timeoutMinutes: TIMEOUT_MINUTES,
            logGroup,
            after: [policy, builder.context, agent.context],
            tags,
          },
          child,
        );
        return [machine, { ...images, project }];
      }),
    );
    this.registerOutputs({ repositories: this.repositories });
  }

  /** Of a kind of machine that these were made for. */
  of(machine: Machine): MachineImages {
    const images = this.#machines.get(machine);
    if (images === undefined) throw new Error(`images: found none for ${machine}`);
    return images;
  }

  #image(
    name: string,
    repositoryName: string,
    { source, archive }: ArchivedImage,
    { bucket }: RunnerImagesArgs,
    tags: Record<string, string>,
  ) {
    const child = { parent: this };
    const repository = new Repository(
      name,
      {
        name: repositoryName,
        // Its name is its content.
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        // What is in it is made again when it is needed.
        forceDelete: true,
        tags,
      },
      child,
    );
    new LifecyclePolicy(
      name,
      { repository: repository.name, policy: JSON.stringify(IMAGE_LIFECYCLE) },
      child,
    );
    // Made in a registry, an image has no other memory of what it stands on.
    const content = { ...source, fingerprint: contentFingerprint(source) };
    const key = `images/${repositoryName.replaceAll("/", "-")}-${source.fingerprint}.tar.gz`;
    const context = new BucketObjectv2(
      name,
      { bucket: bucket.name, key, source: archive, contentType: "application/gzip", tags },
      child,
    );
    return {
      repository,
      context,
      url: interpolate`s3://${bucket.name}/${key}`,
      of: (machine: Machine): RegistryImage => {
        const tag = `${imageTag(content)}-${machine}`;
        const reference = interpolate`${repository.repositoryUrl}:${tag}`;
        return { repository: repository.name, tag, reference };
      },
    };
  }
}
