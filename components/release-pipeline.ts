import {
  ComponentResource,
  type ComponentResourceOptions,
  interpolate,
  type Output,
  type ProviderResource,
} from "@pulumi/pulumi";
import { githubWebUrl } from "../contracts/github-web.ts";
import { AlarmTopic } from "./alarm-topic.ts";
import { ArtifactBucket } from "./artifact-bucket.ts";
import { BuildQueue } from "./build-queue.ts";
import { imageReference } from "./builder-image.ts";
import { Downloads } from "./downloads.ts";
import { generatedSecret } from "./generated-secret.ts";
import { GithubAppKey } from "./github-app-key.ts";
import { componentTags } from "./plan/tags.ts";
import { Reconciler } from "./reconciler.ts";
import type { ReleasePipelineArgs } from "./release-pipeline-args.ts";
import { ReleasePublisher } from "./release-publisher.ts";
import { ReleaseTopic } from "./release-topic.ts";
import { registerRepositories } from "./repositories.ts";
import { drains, registerRunners } from "./runners.ts";
import { SigningKey } from "./signing-key.ts";
import { VersionPins } from "./version-pins.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

/** A build that waited as long as it may and then took as long as it may should have ended. */
function stuckMinutes({ alarms, runners }: ReleasePipelineArgs): number {
  return alarms.queueAgeMinutes + Math.max(0, ...Object.values(runners).map(({ limits }) => limits.minutes));
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
  /** Container names by runner on a Docker host. */
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
            drainedBy: drains(args.runners, architecture),
            tags,
          },
          child,
        ),
      ]),
    );

    const entries = Object.entries(args.repositories).map(([key, settings]) => ({
      key,
      settings,
      secret: generatedSecret(
        `${key}-webhook-secret`,
        args.webhookSecretVersion,
        child,
        settings.renamedFrom === undefined ? undefined : `${settings.renamedFrom}-webhook-secret`,
      ),
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
    const releaseTopic = new ReleaseTopic(
      "releases",
      { topic: names.releaseTopic, bucketArn: bucket.arn, tags },
      child,
    );
    const publisher = new ReleasePublisher(
      "publish",
      {
        functionName: names.function("publish"),
        table: names.releasesTable,
        code: args.functions.code.publish,
        settings: args.functions,
        organization: args.organization.name,
        builderId: `${githubWebUrl(args.githubApp.apiUrl)}/${args.organization.name}#${names.prefix}`,
        github,
        signingKey,
        topic: releaseTopic,
        bucket: bucketRef,
        alarmTopicArn,
        tags,
      },
      child,
    );
    const logsUrl = interpolate`${receiver.url}logs/`;
    const shared = { bucket: bucketRef, builds: receiver.builds, github, logsUrl };
    this.runners = registerRunners({ pipeline: args, queues, shared, alarmTopicArn }, child);
    new Downloads(
      "downloads",
      {
        functionName: names.function("downloads"),
        code: args.functions.code.downloads,
        settings: args.functions,
        organization: args.organization.name,
        webUrl: githubWebUrl(args.githubApp.apiUrl),
        bucket: bucketRef,
        releaseTopicArn: releaseTopic.arn,
        alarmTopicArn,
        tags,
      },
      child,
    );
    new Reconciler(
      "reconcile",
      {
        functionName: names.function("reconcile"),
        pipeline: names.prefix,
        code: args.functions.code.reconcile,
        settings: args.functions,
        organization: args.organization.name,
        receiver,
        publisher,
        queues: Object.fromEntries(queues),
        bucket: bucketRef,
        github,
        stuckMinutes: stuckMinutes(args),
        alarmTopicArn,
        tags,
      },
      child,
    );
    new VersionPins(
      "pins",
      {
        functionName: names.function("pins"),
        code: args.functions.code.pins,
        settings: args.functions,
        organization: args.organization.name,
        template: args.templates.image.repository,
        github,
        bucket: bucketRef,
        topicArn: releaseTopic.arn,
        alarmTopicArn,
        tags,
      },
      child,
    );
    this.repositories = registerRepositories(
      { pipeline: args, receiver, entries, releaseKey: signingKey.publicKey },
      child,
    );
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
}
