import type { z } from "zod";
import type { Architecture } from "../../contracts/architecture.ts";
import type { resolvedBoardSchema } from "./boards.ts";
import type { resolvedKernelSchema } from "./kernels.ts";
import type { Bypass } from "./protection.ts";
import type { runnerSchema } from "./runners.ts";
import type { SECTIONS } from "./schema.ts";

/** Read-only all the way down. An optional key is absent or has a value: JSON knows no undefined. */
type Immutable<T> = T extends object
  ? { readonly [Key in keyof T]: Immutable<Exclude<T[Key], undefined>> }
  : T;

/** A section as it is read, without defaults that depend on other sections. */
export type Section<Name extends keyof typeof SECTIONS> = Immutable<z.output<(typeof SECTIONS)[Name]>>;

export type OrganizationConfig = Section<"organization">;
export type BoardConfig = Immutable<z.output<typeof resolvedBoardSchema>>;
export type RootfsConfig = Section<"rootfs"> & { readonly architectures: readonly Architecture[] };
export type KernelConfig = Immutable<z.output<typeof resolvedKernelSchema>>;
export type RunnerConfig = Immutable<z.output<typeof runnerSchema>>;
export type BuilderConfig = Section<"builder">;
export type ArtifactsConfig = Section<"artifacts"> & { readonly bucket: string };
export type ReleaseConfig = Section<"release">;
export type ProtectionConfig = Section<"protection"> & { readonly bypass: readonly Bypass[] };
export type FunctionsConfig = Section<"functions">;
export type AlarmsConfig = Section<"alarms">;
export type PoliciesConfig = Section<"policies">;
export type GithubAppConfig = Section<"githubApp">;
export type ProvidersConfig = Section<"providers">;

/** A stack's whole configuration, checked and with every default filled in. Holds no secret. */
export interface PipelineConfig {
  /** The stack's name without its organization. */
  readonly stack: string;
  readonly organization: OrganizationConfig;
  /** By board name. */
  readonly boards: Readonly<Record<string, BoardConfig>>;
  readonly rootfs: RootfsConfig;
  /** By kernel name; none where every board takes Debian's. */
  readonly kernels: Readonly<Record<string, KernelConfig>>;
  /** By runner name. */
  readonly runners: Readonly<Record<string, RunnerConfig>>;
  readonly builder: BuilderConfig;
  readonly artifacts: ArtifactsConfig;
  readonly release: ReleaseConfig;
  readonly protection: ProtectionConfig;
  readonly functions: FunctionsConfig;
  readonly alarms: AlarmsConfig;
  readonly policies: PoliciesConfig;
  readonly githubApp: GithubAppConfig;
  readonly providers: ProvidersConfig;
  /** Tags on every AWS resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What could be read of a stack file, right or not: the fields of each section, board and runner that have no
 * error of their own. So checks between them report even when something else is wrong.
 */
export interface Draft {
  readonly stack: string;
  /** What stands in the file, by key of the namespace. */
  readonly raw: ReadonlyMap<string, unknown>;
  readonly organization: Partial<OrganizationConfig>;
  readonly boards: ReadonlyMap<string, Partial<BoardConfig>>;
  readonly kernels: ReadonlyMap<string, Partial<KernelConfig>>;
  /** Undefined where there is no mapping of runners. */
  readonly runners?: ReadonlyMap<string, Partial<RunnerConfig>>;
  readonly rootfs: Partial<Section<"rootfs">>;
  /** Undefined where anything in it is wrong: a bucket that is missing here may only be wrong. */
  readonly artifacts?: Section<"artifacts">;
  readonly protection: Partial<Section<"protection">>;
  readonly providers: Partial<ProvidersConfig>;
}

/** What a stack claims for itself alone; two stacks that claim the same would fight over it at every update. */
export interface StackClaims {
  readonly stack: string;
  /** Bucket names and repositories, each with the cloud it is in, comparable as text. */
  readonly claims: readonly string[];
}
