import { Container } from "@pulumi/docker/container.js";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  interpolate,
  jsonStringify,
  type Output,
  output,
} from "@pulumi/pulumi";
import { isLoopback } from "../contracts/loopback.ts";
import { type BuildLimits, RUNNER_FILES, RUNNER_PROFILE } from "../contracts/runner-settings.ts";
import { type ImageSource, registerImage } from "./builder-image.ts";
import { type GithubAppAccess, githubAccess } from "./github-app-key.ts";
import { runnerStatements } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";
import { RunnerIdentity } from "./runner-identity.ts";

/** Longer than a job needs to be handed back. */
const STOP_SECONDS = 30;

/** The folder that builds share, on each Docker host. */
const CACHE_VOLUME = "hypriotos-cache";

interface Reference {
  readonly name: Input<string>;
  readonly arn: Input<string>;
}

interface Queue {
  readonly url: Input<string>;
  readonly arn: Input<string>;
}

/** A queue with the one for what cannot be processed. */
export interface DrainedQueue extends Queue {
  readonly deadLetters: Queue;
}

export interface DockerRunnerArgs {
  /** Name of the container, and of the runner's role. */
  readonly runner: string;
  /** Where the agent's image is built from. */
  readonly source: ImageSource;
  /** The image that jobs run in, present on the same host. */
  readonly builderImage: Input<string>;
  /** The Docker daemon's socket on that host. */
  readonly socket: string;
  /** The queues to drain, by Debian architecture. */
  readonly queues: Readonly<Record<string, DrainedQueue>>;
  readonly bucket: Reference;
  /** The table of builds. */
  readonly builds: Reference;
  readonly github: GithubAppAccess;
  /** Where builds' logs are shown. */
  readonly logsUrl: Input<string>;
  /** What one build may take of the host. */
  readonly limits: BuildLimits;
  /** Builds at the same time. */
  readonly slots: number;
  readonly region: string;
  /**
   * Where AWS is, unless at its own addresses. An endpoint on loopback is reached over the host's network,
   * any other from a network of the container's own.
   */
  readonly endpoint?: string;
  readonly tags: Tags;
}

/** The agent that drains build queues on one Docker host. */
export class DockerRunner extends ComponentResource {
  readonly container: Output<string>;
  readonly roleArn: Output<string>;

  constructor(name: string, args: DockerRunnerArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:DockerRunner", name, {}, opts);
    const queues = Object.entries(args.queues);
    const identity = new RunnerIdentity(
      name,
      {
        identity: args.runner,
        statements: output({
          queues: queues.map(([, queue]) => queue.arn),
          deadLetterQueues: queues.map(([, queue]) => queue.deadLetters.arn),
          bucket: args.bucket.arn,
          buildsTable: args.builds.arn,
          appKey: args.github.key.arn,
        }).apply(runnerStatements),
        tags: componentTags(args.tags, "docker-runner"),
      },
      { parent: this },
    );
    const image = registerImage(name, args.source, this);
    const settings = jsonStringify({
      name: args.runner,
      slots: args.slots,
      region: args.region,
      // The role's own session could not take the role again.
      role: identity.roleArn,
      roleProfile: RUNNER_PROFILE,
      bucket: args.bucket.name,
      buildsTable: args.builds.name,
      queues: Object.fromEntries(
        queues.map(([architecture, { url, deadLetters }]) => [
          architecture,
          { url, deadLetterUrl: deadLetters.url },
        ]),
      ),
      builderImage: args.builderImage,
      cacheVolume: CACHE_VOLUME,
      limits: args.limits,
      github: githubAccess(args.github),
      logsUrl: args.logsUrl,
    });
    const container = new Container(
      name,
      {
        name: args.runner,
        image: image.imageId,
        restart: "unless-stopped",
        init: true,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges"],
        networkMode: args.endpoint !== undefined && isLoopback(args.endpoint) ? "host" : "bridge",
        envs: [
          `AWS_CONFIG_FILE=${RUNNER_FILES.awsConfig}`,
          `AWS_SHARED_CREDENTIALS_FILE=${RUNNER_FILES.awsCredentials}`,
          ...(args.endpoint === undefined ? [] : [`AWS_ENDPOINT_URL=${args.endpoint}`]),
        ],
        uploads: [
          { file: RUNNER_FILES.settings, content: settings, permissions: "0444" },
          {
            file: RUNNER_FILES.awsConfig,
            content: interpolate`[default]\nregion = ${args.region}\nrole_arn = ${identity.roleArn}\nsource_profile = ${RUNNER_PROFILE}\n`,
            permissions: "0444",
          },
          { file: RUNNER_FILES.awsCredentials, content: identity.credentialsFile, permissions: "0444" },
        ],
        // Whoever may start containers is root on the host; the builds themselves get neither socket nor key.
        mounts: [{ type: "bind", source: args.socket, target: "/var/run/docker.sock" }],
        labels: [{ label: "io.hypriot.component", value: "docker-runner" }],
        destroyGraceSeconds: STOP_SECONDS,
      },
      // Its name is fixed, so that the old one must be gone before the new one can be made. When it is removed it gives
      // its jobs back, for which it needs its rights.
      { parent: this, deleteBeforeReplace: true, dependsOn: [...args.github.key.ready, ...identity.ready] },
    );
    this.container = container.name;
    this.roleArn = identity.roleArn;
    this.registerOutputs({ container: this.container, roleArn: this.roleArn });
  }
}
