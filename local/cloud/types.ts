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

/** What `<state>/cloud.json` holds: how to reach the running local cloud. It has secrets in it (mode 600). */
export interface CloudInfo {
  readonly aws: {
    readonly endpoint: string;
    readonly region: string;
    readonly accountId: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly pid: number;
  };
  readonly github: {
    readonly baseUrl: string;
    /** A token that may do everything in the organization. */
    readonly token: string;
    readonly organization: string;
    readonly app: {
      readonly id: number;
      readonly slug: string;
      readonly installationId: number;
      readonly privateKeyFile: string;
    };
    readonly pid: number;
  };
}

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
