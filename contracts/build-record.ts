import { z } from "zod";
import { Architecture } from "./architecture.ts";
import type { BuildIdentity } from "./build-job.ts";
import { CommitId, RepositoryFullName, splitFullName } from "./git.ts";
import { DEFAULT_BRANCH } from "./names.ts";
import { RepositoryKind } from "./repository-kind.ts";
import { Trigger } from "./trigger.ts";

/**
 * The states of a build. `waiting`: a stranger's pull request without a maintainer's label. The last four are final;
 * only a re-run leaves them.
 */
const BUILD_STATES = ["waiting", "queued", "running", "success", "failure", "cancelled", "error"] as const;

export const BuildState = z.enum(BUILD_STATES);
export type BuildState = z.infer<typeof BuildState>;

export const FINAL_STATES: readonly BuildState[] = ["success", "failure", "cancelled", "error"];

/**
 * What the builds table holds of a build, under `id` = its key. Dispatch makes it, the runner moves it on; `attempt`
 * makes a late write of an earlier attempt fail.
 */
export const BuildRecord = z.object({
  id: z.string().min(1),
  repository: RepositoryFullName,
  kind: RepositoryKind,
  commit: CommitId,
  trigger: Trigger,
  architectures: z.array(Architecture).min(1),
  attempt: z.int().min(1),
  state: BuildState,
  /** Missing for the moment between the record and its check run. The job has it always. */
  checkRun: z.int().min(1).optional(),
  /** The delivery that queued this attempt. Repeated, it goes on where it stopped. */
  delivery: z.string().max(100).optional(),
  /** When the job of this attempt was sent; missing until then, and while the build waits. */
  sentAt: z.iso.datetime().optional(),
  queuedAt: z.iso.datetime(),
  /** Renewed while a runner works on it: one that stands still is nobody's any more. */
  updatedAt: z.iso.datetime(),
  /** When the check run was told of the final state; missing until then, and while the state is none of the final. */
  toldAt: z.iso.datetime().optional(),
  /** The runner that took it last. */
  runner: z.string().optional(),
  /**
   * The CodeBuild build that is to do this attempt: the how manieth for it, when CodeBuild was asked for it, and its id
   * as soon as it is known. Of another attempt it says nothing.
   */
  codebuild: z
    .object({
      attempt: z.int().min(1),
      start: z.int().min(1),
      askedAt: z.iso.datetime(),
      id: z.string().min(1).optional(),
    })
    .optional(),
  /** One line: why it failed or was cancelled. */
  reason: z.string().max(2000).optional(),
  /** Seconds since the epoch: the table forgets it then. */
  expiresAt: z.int(),
});

export type BuildRecord = z.infer<typeof BuildRecord>;

/** The builds table's hash key. */
export const BUILDS_KEY = "id";

/**
 * Which builds make each other needless: the table holds under this id, as `build`, the key of the newest of them,
 * and as `order` when it was pushed. Undefined where every build counts: the default branch and tags.
 */
export function lineageId({ repository, trigger }: BuildIdentity): string | undefined {
  const { repo } = splitFullName(repository);
  if (trigger.type === "pull-request") return `latest/${repo}/pull-request/${trigger.number}`;
  if (trigger.type === "push" && trigger.branch !== DEFAULT_BRANCH)
    return `latest/${repo}/branch/${trigger.branch}`;
  return undefined;
}

/** The newest build of a lineage; `closed` where none is wanted any more. */
export const Lineage = z.object({ id: z.string(), build: z.string(), order: z.number() });
export type Lineage = z.infer<typeof Lineage>;
