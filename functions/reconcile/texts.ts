import type { CheckRunState } from "../../clients/github-repository.ts";
import { oneLine } from "../../clients/text.ts";
import type { BuildRecord, BuildState } from "../../contracts/build-record.ts";
import { markdown } from "../lib/markdown.ts";

const RERUN = "Nothing is wrong with the commit for that: build it again with Re-run.";

/** Why a build that nobody has was ended. One line. */
export function goneReason(because: string): string {
  return `the build was lost: ${because}`;
}

const ENDS: Readonly<
  Partial<Record<BuildState, { readonly conclusion: "success" | "failure" | "cancelled"; title: string }>>
> = {
  success: { conclusion: "success", title: "Built" },
  failure: { conclusion: "failure", title: "The build failed" },
  cancelled: { conclusion: "cancelled", title: "Cancelled" },
  error: { conclusion: "failure", title: "The pipeline failed" },
};

/** What a check run says of a record in a final state; undefined for any other. */
export function endText(
  { id, state, reason }: Pick<BuildRecord, "id" | "state" | "reason">,
  logsUrl: string,
): CheckRunState | undefined {
  const end = ENDS[state];
  if (end === undefined) return undefined;
  const why = reason === undefined || reason === "" ? [] : [markdown(oneLine(reason, 1000))];
  const what = state === "error" ? [RERUN] : [];
  return {
    status: "completed",
    ...end,
    summary: [...why, ...what, `[Log of the build](${logsUrl}${id}), as far as it came`].join("\n\n"),
  };
}
