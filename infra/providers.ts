import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import { Provider as DockerProvider } from "@pulumi/docker/provider.js";
import { Provider as GithubProvider } from "@pulumi/github/provider.js";
import { secret } from "@pulumi/pulumi";
import type { RunnerSettings } from "../components/release-pipeline-args.ts";
import type { PipelineConfig, RunnerConfig } from "./config.ts";

/** The services that the program uses, by the names that the AWS provider gives their endpoints. */
const AWS_SERVICES = [
  "cloudwatch",
  "codebuild",
  "dynamodb",
  "ecr",
  "eventbridge",
  "iam",
  "kms",
  "lambda",
  "logs",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
  "sts",
] as const;

export interface Providers {
  readonly aws: AwsProvider;
  readonly github: GithubProvider;
  /** What runs where, by runner name. */
  readonly runners: Readonly<Record<string, RunnerSettings>>;
}

/** The clouds that a stack lives in. Credentials come from the environment. */
export function createProviders(config: PipelineConfig): Providers {
  const { region, endpoint } = config.providers.aws;
  const { baseUrl } = config.providers.github;
  const token = process.env.GITHUB_TOKEN;
  const elsewhere =
    endpoint === undefined
      ? {}
      : {
          endpoints: [Object.fromEntries(AWS_SERVICES.map((service) => [service, endpoint]))],
          s3UsePathStyle: true,
          skipMetadataApiCheck: true,
        };
  return {
    aws: new AwsProvider("aws", { region, ...elsewhere }),
    github: new GithubProvider("github", {
      owner: config.organization.name,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      // Taken from the environment by the SDK itself, it would be in state in plain text.
      ...(token === undefined ? {} : { token: secret(token) }),
    }),
    runners: Object.fromEntries(
      Object.entries(config.runners).map(([name, runner]) => [name, runnerSettings(name, runner)]),
    ),
  };
}

function runnerSettings(name: string, runner: RunnerConfig): RunnerSettings {
  const { kind, architectures, limits } = runner;
  if (kind === "codebuild") {
    return { kind, architectures, compute: runner.compute, concurrency: runner.concurrency, limits };
  }
  const { host, slots } = runner;
  const provider = new DockerProvider(`docker-${name}`, { host });
  return { kind, provider, architectures, slots, limits: runner.limits, socket: socketOf(host) };
}

/** The daemon's socket on its own host: of a host that is reached by ssh, Docker's usual one. */
export function socketOf(host: string): string {
  return host.startsWith("unix://") ? host.slice("unix://".length) : "/var/run/docker.sock";
}
