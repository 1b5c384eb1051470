import type { S3Client } from "@aws-sdk/client-s3";
import type { STSClient } from "@aws-sdk/client-sts";
import type Docker from "dockerode";
import { type BuildJob, buildKey } from "../contracts/build-job.ts";
import type { RunnerSettings } from "../contracts/runner-settings.ts";
import { GithubBuild, type RunnerApp } from "./github-build.ts";
import type { BuildRecords } from "./records.ts";
import { limitedCredentials, strangerPolicy } from "./session.ts";
import { BuildStore } from "./store.ts";

/** How often what is done, in milliseconds unless its name says another unit. */
export interface Times {
  /** A message is this runner's for so long, and longer while it works on it. */
  readonly visibilitySeconds: number;
  readonly keepMessage: number;
  /** After the pipeline itself failed. */
  readonly retrySeconds: number;
  readonly lookForNewer: number;
  readonly lookAtDisk: number;
  /** Nothing of a pinned file came for so long. */
  readonly pinIdle: number;
  readonly putLog: number;
  readonly tellPhase: number;
}

export const TIMES: Times = {
  visibilitySeconds: 300,
  keepMessage: 60_000,
  retrySeconds: 30,
  lookForNewer: 10_000,
  lookAtDisk: 5_000,
  pinIdle: 60_000,
  putLog: 10_000,
  tellPhase: 3_000,
};

/** What the agent works with. */
export interface Tools {
  readonly settings: RunnerSettings;
  readonly docker: Docker;
  /** With the runner's own rights. */
  readonly s3: S3Client;
  /** As who may take the role for strangers' builds. */
  readonly sts: STSClient;
  /** An S3 client like `s3`, with other credentials. */
  readonly s3As: (credentials: ReturnType<typeof limitedCredentials>) => S3Client;
  readonly records: BuildRecords;
  readonly github: RunnerApp;
  readonly times: Times;
  /** Keys of the builds that this process works on: a queue may hand a message out twice. */
  readonly inWork: Set<string>;
  /** One line of the agent's own log. Never give it a secret. */
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
  readonly now: () => Date;
}

/** One job with what it is done with. */
export interface Build {
  readonly tools: Tools;
  readonly job: BuildJob;
  readonly key: string;
  /** S3 with this build's rights. */
  readonly s3: S3Client;
  readonly store: BuildStore;
  readonly github: GithubBuild;
  readonly logUrl: string;
  /** Says in the agent's log what is done. */
  readonly step: (name: string, fields?: Readonly<Record<string, unknown>>) => void;
}

export function openBuild(tools: Tools, job: BuildJob): Build {
  const { settings } = tools;
  const key = buildKey(job);
  const limited = () =>
    tools.s3As(
      limitedCredentials(
        tools.sts,
        settings.role,
        `${settings.name}-${job.commit.slice(0, 12)}`,
        strangerPolicy(settings.bucket, key),
      ),
    );
  const s3 = job.trusted ? tools.s3 : limited();
  return {
    tools,
    job,
    key,
    s3,
    store: new BuildStore(s3, settings.bucket, key),
    github: new GithubBuild(tools.github, job),
    logUrl: `${settings.logsUrl}${key}`,
    step: (step, fields = {}) =>
      tools.log({ message: "step", build: key, attempt: job.attempt, step, ...fields }),
  };
}
