import { cut, oneLine, visible } from "../clients/text.ts";
import type { Manifest } from "../contracts/manifest.ts";
import type { TestReport } from "../contracts/test-report.ts";

/** GitHub takes 65,535 characters. */
const MAX_SUMMARY = 60_000;
const MAX_FAILURES = 20;
const MAX_MESSAGE = 1500;

/** What a check run shows. */
export interface CheckText {
  readonly title: string;
  readonly summary: string;
}

export type Conclusion = "success" | "failure" | "cancelled" | "timed_out";

/** Somebody else's text as plain text in Markdown. */
function plain(text: string): string {
  return oneLine(text, 500).replace(/[\\`*_{}[\]()#+\-.!|<>~&@:$]/g, (mark) => `\\${mark}`);
}

/** Somebody else's lines as a block that only its own fence ends. */
function block(text: string): string {
  const lines = text.split(/\r?\n|\r/).map((line) => visible(line));
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${lines.join("\n")}\n${fence}`;
}

/** Somebody else's text as code within a line. */
function code(text: string): string {
  return `\`${oneLine(text, 300).replaceAll("`", "'")}\``;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [unit, divisor] = bytes < 1024 ** 2 ? ["KiB", 1024] : ["MiB", 1024 ** 2];
  return `${(bytes / divisor).toFixed(1)} ${unit}`;
}

function failures(report: TestReport | undefined): string[] {
  const failed = report?.examples.filter(({ status }) => status === "failed") ?? [];
  if (failed.length === 0) return [];
  const shown = failed
    .slice(0, MAX_FAILURES)
    .map(
      ({ suite, description, location, message = "" }) =>
        `${plain(description)} (${code(suite === undefined ? location : `${suite}: ${location}`)})\n\n${block(cut(message.trim(), MAX_MESSAGE))}`,
    );
  const rest = failed.length - shown.length;
  return ["### Failing examples", ...shown, ...(rest > 0 ? [`…and ${rest} more.`] : [])];
}

function table(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  const lines = [head, ["---", "---:"] as const, ...rows].map(([left, right]) => `| ${left} | ${right} |`);
  return lines.join("\n");
}

/** Whole parts, as many as fit: half a table or an open code block would swallow the rest. */
function fitted(parts: readonly string[], last: string): string {
  const room = MAX_SUMMARY - last.length - 100;
  let length = 0;
  const kept = parts.filter((part) => {
    length += part.length + 2;
    return length <= room;
  });
  const missing = kept.length < parts.length ? ["(What did not fit here is in the log.)"] : [];
  return [...kept, ...missing, last].join("\n\n");
}

function logLink(url: string): string {
  return `[Log of the build](${url})`;
}

function title({ result, reason, tests }: Manifest): string {
  if (result === "failure") return oneLine(reason ?? "The build failed", 200);
  if (tests === undefined) return "Built";
  return `Built, ${tests.examples - tests.pending} tests passed`;
}

export function conclusionOf({ result, cause }: Manifest): Conclusion {
  if (result === "success") return "success";
  return cause === "time" ? "timed_out" : "failure";
}

/** How a build ended, for people: what a manifest says, failing examples, and where the log is. */
export function endedText(manifest: Manifest, report: TestReport | undefined, logUrl: string): CheckText {
  const { reason, problems = [], tests, phases, artifacts, attempt } = manifest;
  const seconds = (Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt)) / 1000;
  const parts = [
    ...(reason === undefined ? [] : [`**${plain(reason)}**`]),
    ...(problems.length === 0 ? [] : [block(problems.join("\n"))]),
    ...(tests === undefined
      ? []
      : [`Tests: ${tests.examples} examples, ${tests.failures} failures, ${tests.pending} pending.`]),
    ...failures(report),
    `Attempt ${attempt} took ${seconds.toFixed(0)} s.`,
    ...(phases.length === 0
      ? []
      : [
          table(
            ["Phase", "Seconds"],
            phases.slice(0, 100).map(({ name, seconds }) => [plain(name), seconds.toFixed(1)]),
          ),
        ]),
    ...(artifacts.length === 0
      ? []
      : [
          table(
            ["Artifact", "Size"],
            artifacts.slice(0, 100).map(({ path, size: bytes }) => [code(path), size(bytes)]),
          ),
        ]),
  ];
  return { title: title(manifest), summary: fitted(parts, logLink(logUrl)) };
}

/** What a running build does. */
export function runningText(phase: string | undefined, logUrl: string): CheckText {
  const name = phase === undefined ? "Preparing" : oneLine(phase, 200);
  return { title: name, summary: fitted([`Now: ${plain(name)}`], logLink(logUrl)) };
}

/** A build that ended without a manifest: cancelled, or ended by the pipeline's own failure. */
export function abandonedText(title: string, reason: string): CheckText {
  return { title, summary: plain(reason) };
}
