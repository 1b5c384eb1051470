import type { CheckRunState } from "../../clients/github-repository.ts";
import { oneLine } from "../../clients/text.ts";
import { markdown } from "../lib/markdown.ts";
import type { Step } from "./decide.ts";
import type { ReleasePlan } from "./plan.ts";

const MAX_LINES = 50;

function list(lines: readonly string[]): string {
  const shown = lines.slice(0, MAX_LINES).map((line) => `- ${markdown(oneLine(line, 500))}`);
  const more = lines.length > MAX_LINES ? [`- and ${lines.length - MAX_LINES} more`] : [];
  return [...shown, ...more].join("\n");
}

export function startedText(tag: string): CheckRunState {
  return { status: "in_progress", title: `Publishing ${tag}`, summary: "" };
}

export function publishedText({ tag, preRelease, assets }: ReleasePlan, url: string): CheckRunState {
  const what = preRelease ? "Pre-release" : "Release";
  return {
    status: "completed",
    conclusion: "success",
    title: `${what} ${tag} is published`,
    summary: `${assets.length} assets, each with the size and SHA-256 that the build gave it: ${url}`,
  };
}

/** There can be no such release. */
export function refusedText(tag: string, problems: readonly string[]): CheckRunState {
  return {
    status: "completed",
    conclusion: "failure",
    title: `${tag} is not released`,
    summary: list(problems),
  };
}

/** An invocation ended early; the event is delivered again. */
export function interruptedText(tag: string, reason: string, last: Step | undefined): CheckRunState {
  const at = last === undefined ? "" : ` At: ${stepText(last)}.`;
  return {
    status: "completed",
    conclusion: "failure",
    title: `${tag} is not released yet`,
    summary: `${list([reason])}\n\n${markdown(at.trim())} What was uploaded is kept. A new check run tells of the next try; there are several, each later than the one before (docs/reconciling.md).`,
  };
}

/** A step in words, for the log and for people. */
export function stepText(step: Step): string {
  switch (step.do) {
    case "upload":
      return `upload of ${step.file.name}`;
    case "delete-asset":
      return `deletion of ${step.asset.name} (${step.asset.state}, ${step.asset.size} bytes)`;
    case "make-latest":
      return `${step.release.tag} becomes the latest release`;
    default:
      return step.do.replace("-", " ");
  }
}
