import type { CheckRunState } from "../../clients/github-repository.ts";
import type { EndState } from "./decide.ts";

const TITLES: Readonly<Record<EndState, string>> = {
  success: "Built",
  failure: "Not built",
  cancelled: "Cancelled",
  error: "The pipeline failed",
};

/** Somebody else's words as plain text in Markdown. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&@:$]/g, (mark) => `\\${mark}`);
}

/** What the check run says of a job that CodeBuild does no more. */
export function endText(state: EndState, reason: string): CheckRunState {
  const advice = "Nothing is known to be wrong with the commit: run the check again.";
  const lines = [
    ...(reason === "" ? [] : [`${plain(reason)}.`]),
    ...(state === "error" ? [advice] : []),
    ...(state === "success" || state === "failure" ? ["The log says more."] : []),
  ];
  const conclusion = state === "error" ? "failure" : state;
  return { status: "completed", conclusion, title: TITLES[state], summary: lines.join("\n\n") };
}
