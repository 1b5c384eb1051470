import { createHash } from "node:crypto";
import {
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  StartBuildCommand,
} from "@aws-sdk/client-codebuild";
import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { oneLine } from "../../clients/text.ts";
import { type BuildJob, buildKey } from "../../contracts/build-job.ts";
import type { CodebuildQueue } from "../../contracts/codebuild-settings.ts";
import { BUILD_JOB_VARIABLE } from "../../contracts/runner-settings.ts";
import type { BuildSight } from "./decide.ts";

/** CodeBuild has no room, or is asked too often: nothing was started, and later something will be. */
const BUSY: readonly string[] = [
  "AccountLimitExceededException",
  "LimitExceededException",
  "RequestLimitExceeded",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
];

export function isBusy(error: unknown): boolean {
  return error instanceof Error && BUSY.includes(error.name);
}

/** Nobody knows whether the request arrived: asked again in the same words, it is done once. */
export function isUnclear(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (["TimeoutError", "AbortError"].includes(error.name) || "code" in error) return true;
  if (!("$metadata" in error) || typeof error.$metadata !== "object" || error.$metadata === null)
    return false;
  const { $metadata } = error;
  return (
    "httpStatusCode" in $metadata &&
    typeof $metadata.httpStatusCode === "number" &&
    $metadata.httpStatusCode >= 500
  );
}

/** CodeBuild takes 64 characters of A–Z, a–z, 0–9 and some signs, and knows a token for five minutes. */
function token(...parts: readonly (string | number)[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}

/** Asks for the `start`th build of a job's attempt; in five minutes the same again starts no other. Resolves with its id. */
export async function startJob(
  codebuild: CodeBuildClient,
  project: string,
  job: BuildJob,
  start: number,
): Promise<string> {
  const { build } = await codebuild.send(
    new StartBuildCommand({
      projectName: project,
      idempotencyToken: token(project, buildKey(job), job.attempt, start),
      environmentVariablesOverride: [
        { name: BUILD_JOB_VARIABLE, type: "PLAINTEXT", value: JSON.stringify(job) },
      ],
    }),
  );
  if (build?.id === undefined) throw new Error(`${project}: found a build without an id`);
  return build.id;
}

/** How a build is that was started. One that CodeBuild does not know any more has failed. */
export async function lookAt(codebuild: CodeBuildClient, id: string): Promise<BuildSight> {
  const { builds = [] } = await codebuild.send(new BatchGetBuildsCommand({ ids: [id] }));
  const [build] = builds;
  if (build === undefined) return { type: "failed", reason: `CodeBuild has no build ${id}` };
  if (build.buildStatus === "IN_PROGRESS") return { type: "under way" };
  if (build.buildStatus === "SUCCEEDED") return { type: "succeeded" };
  return { type: "failed", reason: failureOf(build) };
}

function failureOf({ id, buildStatus, phases = [] }: Build): string {
  const failed = phases.find(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== "SUCCEEDED");
  const message = failed?.contexts?.find((context) => context.message)?.message;
  const where = failed === undefined ? "" : ` in ${failed.phaseType}`;
  return oneLine(`CodeBuild's ${id}: ${buildStatus}${where}${message ? `: ${message}` : ""}`, 500);
}

/** Whether everything that a job needs is in ECR. */
export async function imagesThere(ecr: ECRClient, { images }: CodebuildQueue): Promise<boolean> {
  const found = images.map(async ({ repository, tag }) => {
    try {
      const command = new DescribeImagesCommand({
        repositoryName: repository,
        imageIds: [{ imageTag: tag }],
      });
      return ((await ecr.send(command)).imageDetails ?? []).length > 0;
    } catch (error) {
      if (error instanceof Error && error.name === "ImageNotFoundException") return false;
      throw error;
    }
  });
  return (await Promise.all(found)).every((there) => there);
}

/** Has the images made. The project does one build at a time: where one is under way, this is refused as busy. */
export async function startImages(
  codebuild: CodeBuildClient,
  { imagesProject, images }: CodebuildQueue,
): Promise<void> {
  await codebuild.send(
    new StartBuildCommand({
      projectName: imagesProject,
      idempotencyToken: token(imagesProject, ...images.map(({ tag }) => tag)),
    }),
  );
}
