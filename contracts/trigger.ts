import { z } from "zod";
import { BranchName } from "./git.ts";
import { exactObject } from "./object.ts";
import { ReleaseTag } from "./release-tag.ts";

const numberExpected = "a pull request's number";

/** Why there is a build: a push to a branch, a pull request from a fork, or a release tag. */
export const Trigger = z
  .discriminatedUnion(
    "type",
    [
      exactObject({ type: z.literal("push"), branch: BranchName }),
      exactObject({
        type: z.literal("pull-request"),
        number: z.int({ error: numberExpected }).min(1, { error: numberExpected }),
      }),
      exactObject({ type: z.literal("tag"), tag: ReleaseTag }),
    ],
    {
      error: (issue) =>
        issue.code === "invalid_union"
          ? "one of push, pull-request, tag"
          : "a mapping with type push, pull-request or tag",
    },
  )
  .meta({
    description:
      "Why there is a build. A pull request from a branch of the same repository is built by that branch's push.",
  });

export type Trigger = z.infer<typeof Trigger>;

/** Whether the build may use what trusted builds use: decided by where the commit is from, never by its content. */
export function isTrusted(trigger: Trigger): boolean {
  return trigger.type !== "pull-request";
}
