import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { CommitId, RepositoryFullName, splitFullName } from "./git.ts";
import { uniqueList } from "./list.ts";
import { exactObject } from "./object.ts";
import { RepositoryKind } from "./repository-kind.ts";
import { isTrusted, Trigger } from "./trigger.ts";

/** The version of the build job. It goes up when an older runner would misread a newer job. */
export const BUILD_JOB_VERSION = 1;

/** The largest job that is read, in bytes. */
export const BUILD_JOB_MAX_BYTES = 16 * 1024;

const countExpected = "a whole number from 1";

/** The message that asks a runner for a build; dispatch writes it, the runner reads it. */
export const BuildJob = exactObject({
  version: z.literal(BUILD_JOB_VERSION, {
    error: `${BUILD_JOB_VERSION}, the version that this runner reads`,
  }),
  repository: RepositoryFullName.meta({ description: "The repository that is built, owner/name." }),
  kind: RepositoryKind,
  commit: CommitId.meta({ description: "What is checked out." }),
  trigger: Trigger,
  trusted: z
    .boolean({ error: "true or false" })
    .meta({ description: "False for a pull request from a fork: no write to what trusted builds read." }),
  architectures: uniqueList(Architecture, "a list of Debian architectures")
    .min(1, { error: "at least one architecture" })
    .meta({ description: "What is built. The job waits in the queue of the first." }),
  bootTest: z
    .boolean({ error: "true or false" })
    .optional()
    .meta({ description: "Whether the image is booted and tested over SSH, too. Missing: no." }),
  attempt: z
    .int({ error: countExpected })
    .min(1, { error: countExpected })
    .meta({ description: "1 for the first build of a commit, one more for each re-run." }),
  checkRun: z
    .int({ error: "a check run's id" })
    .min(1, { error: "a check run's id" })
    .meta({ description: "The check run on the commit that tells how the build goes." }),
})
  .check(({ value, issues }) => {
    if (value.trusted && !isTrusted(value.trigger)) {
      issues.push({
        code: "custom",
        path: ["trusted"],
        message: "false, because the commit is a stranger's pull request",
        input: value.trusted,
      });
    }
  })
  .meta({ description: "The message in a build queue that asks a runner for a build." });

export type BuildJob = z.infer<typeof BuildJob>;

/** Which build: enough to say where its artifacts lie and which record tells its state. */
export type BuildIdentity = Pick<BuildJob, "repository" | "commit" | "trigger">;

/**
 * The build's key: its record's id, and the prefix in the artifact bucket, without a slash at the end. The first
 * segment decides on rights and retention (docs/architecture.md).
 */
export function buildKey({ repository, commit, trigger }: BuildIdentity): string {
  const { repo } = splitFullName(repository);
  if (trigger.type === "tag") return `releases/${repo}/${trigger.tag}`;
  if (trigger.type === "pull-request") return `pull-requests/${repo}/${trigger.number}/${commit}`;
  return `builds/${repo}/${commit}`;
}

/** The version that artifacts carry in their names: the tag's, or the commit's beginning as git shortens it. */
export function buildVersion({ commit, trigger }: BuildIdentity): string {
  return trigger.type === "tag" ? trigger.tag.slice(1) : commit.slice(0, 12);
}
