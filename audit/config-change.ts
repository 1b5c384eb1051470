import type { PipelineConfig } from "../infra/config/model.ts";
import { serializeConfig } from "../infra/config/parse.ts";
import { diffValues, type PropertyChange } from "./property-diff.ts";
import { code, count, plain, value } from "./text.ts";
import { isObject, type Properties } from "./values.ts";

/** A stack file as a pull request leaves it: what it says, or why it is refused. */
export type ReadStackFile = { readonly config: PipelineConfig } | { readonly refusal: string };

export interface ConfigChange {
  readonly stack: string;
  readonly commit: string | undefined;
  /** The base's settings; what is wrong in them is not this pull request's. */
  readonly base: ReadStackFile;
  readonly head: ReadStackFile;
  /** What stands in the files beside the pipeline's settings: secrets, other namespaces, how secrets are encrypted. */
  readonly beside: { readonly base: Properties; readonly head: Properties };
}

/** Lines that a comment has at most; one more says how many are left. */
const MOST_LINES = 200;

/** What differs in the settings, by path. Defaults are spelled out on both sides, so that leaving one out is no change. */
export function settingChanges({ base, head, beside }: ConfigChange): readonly PropertyChange[] {
  const settings = (read: ReadStackFile) => ("config" in read ? serializeConfig(read.config) : {});
  const own = "config" in base && "config" in head ? diffValues("", settings(base), settings(head)) : [];
  return [...own, ...diffValues("", beside.base, beside.head)].map((change) => ({
    ...change,
    path: change.path.replace(/^hypriotos:/, ""),
  }));
}

/** A report without a preview, as Markdown: nothing of the pull request was run. */
export function configReport(change: ConfigChange): string {
  const { stack, commit, head } = change;
  const at = commit === undefined ? "" : ` at ${code(commit.slice(0, 12))}`;
  const parts = [
    `### Stack ${code(stack)}${at}: settings only`,
    "This pull request is from a fork. Nothing of it was run and no preview was made: its stack file was read and compared with the base's.",
    ...("refusal" in head ? refused(head.refusal) : changed(settingChanges(change))),
    "Not looked at: everything else in the pull request. For the whole audit a maintainer reads it, and pushes it to a branch of this repository.",
  ];
  return `${parts.join("\n\n")}\n`;
}

function refused(refusal: string): readonly string[] {
  const safe = refusal.replaceAll(/[^\P{Cc}\n]/gu, "·").slice(0, 8_000);
  const fence = "`".repeat(Math.max(3, ...(safe.match(/`+/g) ?? []).map((run) => run.length + 1)));
  return ["**The stack file is refused.**", `${fence}text\n${safe}\n${fence}`];
}

function changed(changes: readonly PropertyChange[]): readonly string[] {
  if (changes.length === 0) return ["The settings are the same."];
  const lines = changes.slice(0, MOST_LINES).map(line);
  const rest = changes.length - lines.length;
  const more = rest === 0 ? [] : [`- and ${count(rest, "more change")}`];
  return [`**${count(changes.length, "setting")} changed**`, [...lines, ...more].join("\n")];
}

function line({ path, old, new: young }: PropertyChange): string {
  const what = code(plain(path));
  if (old === undefined && isObject(young)) return `- ${what} is new: ${value(young)}`;
  if (young === undefined && isObject(old)) return `- ${what} **goes**`;
  return `- ${what}: ${value(old)} → ${value(young)}`;
}
