import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { type BuildIdentity, buildKey } from "./build-job.ts";
import { CommitId, RepositoryFullName, Sha256 } from "./git.ts";
import { uniqueList } from "./list.ts";
import { exactObject } from "./object.ts";
import { RepositoryKind } from "./repository-kind.ts";
import { TestSummary } from "./test-report.ts";
import { Trigger } from "./trigger.ts";

/** The version of the manifest. It goes up when an older reader would misread a newer manifest. */
export const MANIFEST_VERSION = 1;

/** The largest manifest that is read, in bytes. */
export const MANIFEST_MAX_BYTES = 1024 * 1024;

const pathExpected = "a path relative to the manifest, of at most 255 letters, digits and . _ + ~ / -";

export const ArtifactPath = z
  .string({ error: pathExpected })
  .regex(/^(?!\/)(?!.*(?:^|\/)\.{0,2}(?:\/|$))[\w.+~/-]{1,255}$/, { error: pathExpected });

export const Artifact = exactObject({
  path: ArtifactPath.meta({ description: "Where it lies, relative to the manifest." }),
  size: z.int().min(0).meta({ description: "Bytes." }),
  sha256: Sha256,
});

export type Artifact = z.infer<typeof Artifact>;

/**
 * What a build failed of: what the repository holds, the build itself, its tests, a limit of the runner, or artifacts
 * that cannot be kept.
 */
export const FAILURE_CAUSES = [
  "repository",
  "build",
  "tests",
  "time",
  "memory",
  "disk",
  "artifacts",
] as const;

export type FailureCause = (typeof FAILURE_CAUSES)[number];

/** How many problems a manifest names. */
export const MAX_PROBLEMS = 20;

/** The commit point of a build: it says how the build ended, lists every artifact and is written last. */
export const Manifest = exactObject({
  version: z.literal(MANIFEST_VERSION),
  repository: RepositoryFullName,
  kind: RepositoryKind,
  commit: CommitId,
  trigger: Trigger,
  trusted: z.boolean(),
  architectures: uniqueList(Architecture, "a list of Debian architectures").min(1),
  attempt: z.int().min(1),
  result: z.enum(["success", "failure"]).meta({ description: "Whether build and tests passed." }),
  reason: z.string().max(2000).optional().meta({ description: "Why it failed; missing on success." }),
  cause: z.enum(FAILURE_CAUSES).optional().meta({ description: "What it failed of; missing on success." }),
  problems: z
    .array(z.string().min(1).max(500))
    .max(MAX_PROBLEMS)
    .optional()
    .meta({ description: "What is wrong in detail, one line each; the first 20." }),
  builder: z.string().min(1).max(300).meta({ description: "The builder image, by its id." }),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  phases: z
    .array(exactObject({ name: z.string().min(1).max(200), seconds: z.number().min(0) }))
    .max(1000)
    .meta({ description: "What took how long, in order." }),
  tests: TestSummary.optional().meta({ description: "Missing when the build failed before its tests." }),
  artifacts: z.array(Artifact).max(1000),
}).meta({ description: "manifest.json: how a build ended and what it made." });

export type Manifest = z.infer<typeof Manifest>;

/** The name of a build's manifest below its key. */
export const MANIFEST_FILE = "manifest.json";

/** Where the manifest of a build lies in the artifact bucket. */
export function manifestKey(build: BuildIdentity): string {
  return `${buildKey(build)}/${MANIFEST_FILE}`;
}
