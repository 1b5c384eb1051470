import { z } from "zod";

/** Where the local cloud is and what runs it. */
export interface CloudSettings {
  /** Absolute path of the state folder. */
  readonly stateDir: string;
  /** `http://127.0.0.1:<port>` and the AWS region the emulator answers for. */
  readonly aws: { readonly endpoint: string; readonly region: string };
  /** `http://127.0.0.1:<port>` */
  readonly github: { readonly baseUrl: string };
  /** The GitHub organization that owns the repositories. */
  readonly organization: string;
  /** The Python interpreter of the AWS emulator's virtual environment. */
  readonly awsPython: string;
}

export const cloudSchema = z.object({
  aws: z.object({
    endpoint: z.string(),
    region: z.string(),
    accountId: z.string(),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    pid: z.number(),
  }),
  github: z.object({
    baseUrl: z.string(),
    /** A person's token: an owner of the organization. */
    token: z.string(),
    /** The App's token, for the engine: the rules that it makes let the App alone write to a protected branch. */
    automationToken: z.string(),
    organization: z.string(),
    app: z.object({
      id: z.number(),
      slug: z.string(),
      installationId: z.number(),
      privateKeyFile: z.string(),
    }),
    pid: z.number(),
  }),
});

/** What `<state>/cloud.json` holds: how to reach the running local cloud. It has secrets in it (mode 600). */
export type CloudInfo = z.infer<typeof cloudSchema>;

export type PartName = "aws" | "github";

/** How one part of the local cloud is. */
export interface PartHealth {
  readonly state: "healthy" | "unhealthy" | "stopped";
  readonly url: string | undefined;
  readonly pid: number | undefined;
  /** One sentence: the emulator's version, or what is wrong. */
  readonly detail: string;
}

export type CloudHealth = Readonly<Record<PartName, PartHealth>>;

/** One line for the person in front of the terminal. */
export type Log = (line: string) => void;

/** A failure that one sentence explains; shown without a stack. */
export class CloudError extends Error {
  override readonly name = "CloudError";
}
