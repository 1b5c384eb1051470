import type { Provider as DockerProvider } from "@pulumi/docker/provider.js";
import type { asset, Input } from "@pulumi/pulumi";
import type { Architecture } from "../contracts/architecture.ts";
import type { RepositoryKind } from "../contracts/repository-kind.ts";
import type { BuildLimits } from "../contracts/runner-settings.ts";
import type { ImageSource } from "./builder-image.ts";
import type { FunctionSettings } from "./lambda-function.ts";
import type { TeamPermission } from "./pipeline-repository.ts";
import type { ComputeSize } from "./plan/codebuild.ts";
import type { Retention } from "./plan/lifecycle.ts";
import type { FunctionName, PhysicalNames } from "./plan/names.ts";
import type { Protection } from "./plan/ruleset.ts";
import type { Tags } from "./plan/tags.ts";

export interface RepositorySettings {
  readonly kind: RepositoryKind;
  readonly repository: string;
  readonly description: string;
  /** The name that its entry had before. What was made under it is kept. */
  readonly renamedFrom?: string;
  /** The repository exists already: it is taken over instead of made. */
  readonly adopt?: boolean;
  readonly managedFile: { readonly path: string; readonly content: string };
}

export interface TemplateSettings {
  readonly repository: string;
  readonly description: string;
  readonly files: ReadonlyMap<string, string>;
}

/** A runner on a Docker host. */
export interface DockerRunnerSettings {
  readonly kind: "docker";
  /** The Docker host that it runs on. */
  readonly provider: DockerProvider;
  readonly architectures: readonly Architecture[];
  readonly slots: number;
  /** The Docker daemon's socket on that host. */
  readonly socket: string;
  readonly limits: BuildLimits;
}

/** A runner in AWS CodeBuild. */
export interface CodebuildRunnerSettings {
  readonly kind: "codebuild";
  readonly architectures: readonly Architecture[];
  readonly compute: ComputeSize;
  readonly concurrency: number | undefined;
  readonly limits: Pick<BuildLimits, "minutes" | "diskMiB">;
}

export type RunnerSettings = DockerRunnerSettings | CodebuildRunnerSettings;

/** What only CodeBuild needs. */
export interface CodebuildParts {
  /** Bundle of the function that starts builds. */
  readonly code: asset.Archive;
  /** The images' build contexts, each as one file. */
  readonly archives: { readonly builder: Input<asset.Asset>; readonly agent: Input<asset.Asset> };
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
  /** There where a runner is of kind codebuild. */
  readonly codebuild?: CodebuildParts;
  readonly artifacts: {
    readonly bucket: string;
    readonly forceDestroy: boolean;
    readonly publicDownloads: boolean;
    readonly retention: Retention;
  };
  readonly functions: FunctionSettings & {
    /** Days for which a deleted secret can be brought back; 0 deletes at once. */
    readonly secretRecoveryDays: number;
    readonly code: Readonly<Record<FunctionName, asset.Archive>>;
  };
  readonly alarms: { readonly emails: readonly string[]; readonly queueAgeMinutes: number };
  /** Where AWS is; `endpoint` only where that is not Amazon's own. */
  readonly aws: { readonly region: string; readonly endpoint?: string };
  readonly tags: Tags;
}
