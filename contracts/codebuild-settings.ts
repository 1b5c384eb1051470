import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { GithubAccess } from "./runner-settings.ts";

/** The environment variable that holds the settings of the function that starts CodeBuild builds, as JSON. */
export const CODEBUILD_SETTINGS_VARIABLE = "CODEBUILD_SETTINGS";

/** What that function is told: the program writes it, the function reads it. */
export const CodebuildSettings = z.strictObject({
  /** The owner of every repository. */
  organization: z.string().min(1),
  buildsTable: z.string().min(1),
  /** The queues that it is called for. */
  queues: z
    .array(
      z.strictObject({
        architecture: Architecture,
        arn: z.string().min(1),
        url: z.url(),
        deadLetterUrl: z.url(),
        /** The CodeBuild project that does this queue's jobs. */
        project: z.string().min(1),
        /** The CodeBuild project that makes the images. */
        imagesProject: z.string().min(1),
        /** What must be in ECR before a job can run. */
        images: z.array(z.strictObject({ repository: z.string().min(1), tag: z.string().min(1) })).min(1),
      }),
    )
    .min(1),
  github: GithubAccess,
});

export type CodebuildSettings = z.infer<typeof CodebuildSettings>;
export type CodebuildQueue = CodebuildSettings["queues"][number];
