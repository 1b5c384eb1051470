import { z } from "zod";
import { Architecture } from "./architecture.ts";

/** Where the agent's container finds its settings and its AWS profile. */
export const RUNNER_FILES = {
  settings: "/etc/hypriotos/runner.json",
  awsConfig: "/etc/hypriotos/aws-config",
  awsCredentials: "/etc/hypriotos/aws-credentials",
} as const;

/** The environment variables that hold the settings and the job, for who starts a machine for each job. */
export const RUNNER_SETTINGS_VARIABLE = "RUNNER_SETTINGS";
export const BUILD_JOB_VARIABLE = "BUILD_JOB";

/**
 * How `run-one` exits: the job passed; it ended otherwise; it has no end yet. 1 is not among them: Node.js exits with it
 * when the program itself breaks, and then nothing is known to have ended.
 */
export const RUN_ONE_EXIT = { passed: 0, wrongCall: 2, ended: 3, again: 75 } as const;

/** The profile in the runner's AWS files that holds its key, which may take the runner's role and nothing else. */
export const RUNNER_PROFILE = "runner";

/** How the pipeline's functions and runners act on GitHub: as the App. */
export const GithubAccess = z.strictObject({
  /** Base of the REST API, `https://api.github.com`. */
  apiUrl: z.url(),
  appId: z.int().min(1),
  /** Name of the secret in Secrets Manager that holds the App's private key, PEM. */
  privateKeySecret: z.string().min(1),
});

export type GithubAccess = z.infer<typeof GithubAccess>;

/** What one build may take of its host. What goes beyond is ended with an error that says so. */
export const BuildLimits = z.strictObject({
  memoryMiB: z.int().min(1),
  cpus: z.number().min(0.1),
  minutes: z.int().min(1),
  diskMiB: z.int().min(1),
});

export type BuildLimits = z.infer<typeof BuildLimits>;

/** What a runner's agent is told: the program writes it, the agent reads it. */
export const RunnerSettings = z.strictObject({
  name: z.string().min(1),
  /** Builds at the same time. */
  slots: z.int().min(1),
  region: z.string().min(1),
  /** ARN of the role that is taken for a stranger's build, limited to that build's own prefix. */
  role: z.string().min(1),
  /** The profile that may take `role`; missing where the runner's own credentials may. */
  roleProfile: z.string().min(1).optional(),
  bucket: z.string().min(1),
  buildsTable: z.string().min(1),
  /** The queues to drain; none for a runner that is given its jobs. A message that is no build job goes to the dead-letter queue with the reason. */
  queues: z.partialRecord(Architecture, z.strictObject({ url: z.url(), deadLetterUrl: z.url() })),
  /** The image that jobs run in. */
  builderImage: z.string().min(1),
  /** The Docker volume that builds share as /cache; strangers' builds read it only. */
  cacheVolume: z.string().min(1),
  limits: BuildLimits,
  github: GithubAccess,
  /** Where a build's log is shown: the build's key goes behind it. */
  logsUrl: z.url(),
});

export type RunnerSettings = z.infer<typeof RunnerSettings>;
