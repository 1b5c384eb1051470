import { z } from "zod";

/** Where the agent's container finds its settings and its AWS profile. */
export const RUNNER_FILES = {
  settings: "/etc/hypriotos/runner.json",
  awsConfig: "/etc/hypriotos/aws-config",
  awsCredentials: "/etc/hypriotos/aws-credentials",
} as const;

/** What a runner's agent is told: the program writes it, the agent reads it. */
export const RunnerSettings = z.strictObject({
  name: z.string().min(1),
  /** Builds at the same time. */
  slots: z.int().min(1),
  region: z.string().min(1),
  bucket: z.string().min(1),
  /** Queue URLs by Debian architecture. */
  queues: z.record(z.string(), z.url()),
  /** The image that jobs run in. */
  builderImage: z.string().min(1),
});

export type RunnerSettings = z.infer<typeof RunnerSettings>;
