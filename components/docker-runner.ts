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
import { RUNNER_FILES } from "../contracts/runner-settings.ts";
import { type ImageSource, registerImage } from "./builder-image.ts";
import { runnerStatements } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";
import { RunnerIdentity } from "./runner-identity.ts";

/** Longer than a job needs to be handed back. */
const STOP_SECONDS = 30;

export interface DockerRunnerArgs {
  /** Name of the container, and of the runner's role. */
  readonly runner: string;
  /** Where the agent's image is built from. */
  readonly source: ImageSource;
  /** The image that jobs run in, present on the same host. */
  readonly builderImage: Input<string>;
  /** The queues to drain, by Debian architecture. */
  readonly queues: Readonly<Record<string, { readonly url: Input<string>; readonly arn: Input<string> }>>;
  readonly bucket: { readonly name: Input<string>; readonly arn: Input<string> };
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
        statements: output([args.bucket.arn, ...queues.map(([, queue]) => queue.arn)]).apply(
          ([bucketArn = "", ...queueArns]) => runnerStatements(queueArns, bucketArn),
        ),
        tags: componentTags(args.tags, "docker-runner"),
      },
      { parent: this },
    );
    const image = registerImage(name, args.source, this);
    const settings = jsonStringify({
      name: args.runner,
      slots: args.slots,
      region: args.region,
      bucket: args.bucket.name,
      queues: Object.fromEntries(queues.map(([architecture, queue]) => [architecture, queue.url])),
      builderImage: args.builderImage,
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
            content: interpolate`[default]\nregion = ${args.region}\nrole_arn = ${identity.roleArn}\nsource_profile = runner\n`,
            permissions: "0444",
          },
          { file: RUNNER_FILES.awsCredentials, content: identity.credentialsFile, permissions: "0444" },
        ],
        labels: [{ label: "io.hypriot.component", value: "docker-runner" }],
        destroyGraceSeconds: STOP_SECONDS,
      },
      // Its name is fixed, so that the old one must be gone before the new one can be made.
      { parent: this, deleteBeforeReplace: true },
    );
    this.container = container.name;
    this.roleArn = identity.roleArn;
    this.registerOutputs({ container: this.container, roleArn: this.roleArn });
  }
}
