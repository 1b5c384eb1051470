import type { Provider as DockerProvider } from "@pulumi/docker/provider.js";
import {
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  interpolate,
  type Output,
  type ProviderResource,
} from "@pulumi/pulumi";
import type { Architecture } from "../contracts/architecture.ts";
import type { RepositoryKind } from "../contracts/repository-kind.ts";
import type { BuildLimits } from "../contracts/runner-settings.ts";
import { AlarmTopic } from "./alarm-topic.ts";
import { ArtifactBucket } from "./artifact-bucket.ts";
import { BuildQueue } from "./build-queue.ts";
import { BuilderImage, type ImageSource, imageReference } from "./builder-image.ts";
import { DockerRunner, type DockerRunnerArgs } from "./docker-runner.ts";
import { generatedSecret } from "./generated-secret.ts";
import { GithubAppKey } from "./github-app-key.ts";
import type { FunctionSettings } from "./lambda-function.ts";
import { PipelineRepository, type TeamPermission } from "./pipeline-repository.ts";
import type { Retention } from "./plan/lifecycle.ts";
import type { PhysicalNames } from "./plan/names.ts";
import type { Protection } from "./plan/ruleset.ts";
import { componentTags, type Tags } from "./plan/tags.ts";
import { ReleasePublisher } from "./release-publisher.ts";
import { SigningKey } from "./signing-key.ts";
import { TemplateRepository } from "./template-repository.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

export interface RepositorySettings {
  readonly kind: RepositoryKind;
  readonly repository: string;
  readonly description: string;
  readonly managedFile: { readonly path: string; readonly content: string };
}

export interface TemplateSettings {
  readonly repository: string;
  readonly description: string;
  readonly files: ReadonlyMap<string, string>;
}

export interface RunnerSettings {
  /** The Docker host that it runs on. */
  readonly provider: DockerProvider;
  readonly architectures: readonly Architecture[];
  readonly slots: number;
  /** The Docker daemon's socket on that host. */
  readonly socket: string;
  readonly limits: BuildLimits;
}

export interface ReleasePipelineArgs {
  readonly names: PhysicalNames;
  readonly organization: {
    readonly name: string;
    readonly visibility: "public" | "private";
    readonly teams: Readonly<Record<string, TeamPermission>>;
  };
  /** One entry for each repository that builds, by a name that stays when its repository is renamed. */
  readonly repositories: Readonly<Record<string, RepositorySettings>>;
  readonly templates: Readonly<Record<RepositoryKind, TemplateSettings>>;
  /** The App that functions and runners act as. */
  readonly githubApp: {
    readonly id: number;
    readonly apiUrl: string;
    /** PEM; secret. */
    readonly privateKey: Input<string>;
  };
  readonly protection: Protection;
  readonly tagPattern: string;
  /** A repository that leaves the pipeline is archived, not deleted. */
  readonly archiveOnDestroy: boolean;
  /** Another number makes new webhook secrets. */
  readonly webhookSecretVersion: number;
  readonly runners: Readonly<Record<string, RunnerSettings>>;
  readonly images: { readonly builder: ImageSource; readonly agent: ImageSource };
  readonly artifacts: {
    readonly bucket: string;
    readonly forceDestroy: boolean;
    readonly retention: Retention;
  };
  readonly functions: FunctionSettings & {
    /** Days for which a deleted secret can be brought back; 0 deletes at once. */
    readonly secretRecoveryDays: number;
    readonly code: { readonly dispatch: asset.Archive; readonly publish: asset.Archive };
  };
  readonly alarms: { readonly emails: readonly string[]; readonly queueAgeMinutes: number };
  /** Where AWS is; `endpoint` only where that is not Amazon's own. */
  readonly aws: { readonly region: string; readonly endpoint?: string };
  readonly tags: Tags;
}

interface RepositoryEntry {
  readonly key: string;
  readonly settings: RepositorySettings;
  readonly secret: Output<string>;
}

/** The whole pipeline: what a push to any of its repositories goes through until it is a release. */
export class ReleasePipeline extends ComponentResource {
  readonly webhookUrl: Output<string>;
  readonly artifactBucket: Output<string>;
  /** Queue URLs by architecture. */
  readonly queues: Readonly<Record<string, Output<string>>>;
  readonly repositories: Readonly<
    Record<string, { readonly cloneUrl: Output<string>; readonly htmlUrl: Output<string> }>
  >;
  /** The table of builds and their states. */
  readonly buildsTable: Output<string>;
  /** What verifies the signatures of releases, PEM. */
  readonly releasePublicKey: Output<string>;
  /** The image that builds run in. */
  readonly builderImage: string;
  /** Container names by runner. */
  readonly runners: Readonly<Record<string, Output<string>>>;

  constructor(
    name: string,
    args: ReleasePipelineArgs,
    opts: ComponentResourceOptions & { readonly providers: ProviderResource[] },
  ) {
    super("hypriotos:index:ReleasePipeline", name, {}, opts);
    const { names, tags } = args;
    const child = { parent: this };
    const alarmTopic = new AlarmTopic(
      "alarms",
      { topic: names.alarmTopic, emails: args.alarms.emails, tags },
      child,
    );
    const alarmTopicArn = alarmTopic.arn;
    const bucket = new ArtifactBucket("artifacts", { ...args.artifacts, tags }, child);
    const bucketRef = { name: bucket.bucket, arn: bucket.arn };

    const architectures = new Set(Object.values(args.runners).flatMap((runner) => runner.architectures));
    const queues = new Map(
      [...architectures].sort().map((architecture) => [
        architecture,
        new BuildQueue(
          `build-${architecture}`,
          {
            queue: names.queue(architecture),
            alarmTopicArn,
            maxAgeMinutes: args.alarms.queueAgeMinutes,
            tags,
          },
          child,
        ),
      ]),
    );

    const entries = Object.entries(args.repositories).map(([key, settings]) => ({
      key,
      settings,
      secret: generatedSecret(`${key}-webhook-secret`, args.webhookSecretVersion, child),
    }));
    const github = {
      apiUrl: args.githubApp.apiUrl,
      appId: args.githubApp.id,
      key: new GithubAppKey(
        "github-app",
        {
          secretName: names.githubAppKey,
          privateKey: args.githubApp.privateKey,
          secretRecoveryDays: args.functions.secretRecoveryDays,
          tags: componentTags(tags, "github-app-key"),
        },
        child,
      ),
    };
    const receiver = new WebhookReceiver(
      "dispatch",
      {
        functionName: names.function("dispatch"),
        table: names.deliveriesTable,
        buildsTable: names.buildsTable,
        organization: args.organization.name,
        tagPattern: args.tagPattern,
        publicLogs: args.organization.visibility === "public",
        queues: Object.fromEntries(queues),
        bucket: bucketRef,
        github,
        secretName: names.webhookSecrets,
        code: args.functions.code.dispatch,
        settings: args.functions,
        secretRecoveryDays: args.functions.secretRecoveryDays,
        secrets: Object.fromEntries(entries.map(({ settings, secret }) => [settings.repository, secret])),
        alarmTopicArn,
        tags,
      },
      child,
    );
    const signingKey = new SigningKey("releases", { alias: names.signingKey, tags }, child);
    new ReleasePublisher(
      "publish",
      {
        functionName: names.function("publish"),
        table: names.releasesTable,
        code: args.functions.code.publish,
        settings: args.functions,
        organization: args.organization.name,
        github,
        signingKey,
        bucket: bucketRef,
        alarmTopicArn,
        tags,
      },
      child,
    );
    this.runners = this.#registerRunners(args, queues, {
      bucket: bucketRef,
      builds: receiver.builds,
      github,
      logsUrl: interpolate`${receiver.url}logs/`,
    });
    this.repositories = this.#registerRepositories(args, receiver, entries);
    this.webhookUrl = receiver.url;
    this.artifactBucket = bucket.bucket;
    this.buildsTable = receiver.builds.name;
    this.releasePublicKey = signingKey.publicKey;
    this.builderImage = imageReference(args.images.builder);
    this.queues = Object.fromEntries([...queues].map(([architecture, queue]) => [architecture, queue.url]));
    this.registerOutputs({
      webhookUrl: this.webhookUrl,
      artifactBucket: this.artifactBucket,
      buildsTable: this.buildsTable,
      releasePublicKey: this.releasePublicKey,
      builderImage: this.builderImage,
      queues: this.queues,
      repositories: this.repositories,
      runners: this.runners,
    });
  }

  #registerRunners(
    args: ReleasePipelineArgs,
    queues: ReadonlyMap<Architecture, BuildQueue>,
    shared: Pick<DockerRunnerArgs, "bucket" | "builds" | "github" | "logsUrl">,
  ): Record<string, Output<string>> {
    return Object.fromEntries(
      Object.entries(args.runners).map(([key, runner]) => {
        const onHost = { parent: this, providers: { docker: runner.provider } };
        const builder = new BuilderImage(`${key}-builder`, { source: args.images.builder }, onHost);
        const own = [...queues].filter(([architecture]) => runner.architectures.includes(architecture));
        const agent = new DockerRunner(
          key,
          {
            runner: args.names.runner(key),
            source: args.images.agent,
            builderImage: builder.reference,
            queues: Object.fromEntries(own),
            ...shared,
            socket: runner.socket,
            limits: runner.limits,
            slots: runner.slots,
            region: args.aws.region,
            ...(args.aws.endpoint === undefined ? {} : { endpoint: args.aws.endpoint }),
            tags: args.tags,
          },
          onHost,
        );
        return [key, agent.container];
      }),
    );
  }

  #registerRepositories(
    args: ReleasePipelineArgs,
    receiver: WebhookReceiver,
    entries: readonly RepositoryEntry[],
  ): Record<string, { cloneUrl: Output<string>; htmlUrl: Output<string> }> {
    const { name: owner, visibility, teams } = args.organization;
    const templates = new Map<RepositoryKind, TemplateRepository>();
    const templateOf = (kind: RepositoryKind): TemplateRepository => {
      const template =
        templates.get(kind) ??
        new TemplateRepository(`${kind}-template`, { ...args.templates[kind], visibility }, { parent: this });
      templates.set(kind, template);
      return template;
    };
    return Object.fromEntries(
      entries.map(({ key, settings, secret }) => {
        const template = templateOf(settings.kind);
        const repository = new PipelineRepository(
          key,
          {
            repository: settings.repository,
            description: settings.description,
            visibility,
            topics: ["hypriotos", settings.kind],
            template: { owner, repository: template.name, ready: template.ready },
            protection: args.protection,
            tagPattern: args.tagPattern,
            archiveOnDestroy: args.archiveOnDestroy,
            teams,
            webhook: { url: receiver.url, secret, ready: receiver.ready },
            managedFile: settings.managedFile,
          },
          { parent: this },
        );
        return [key, { cloneUrl: repository.cloneUrl, htmlUrl: repository.htmlUrl }];
      }),
    );
  }
}
