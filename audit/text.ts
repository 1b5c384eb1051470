import { assetHash, isSecret, isUnknown } from "./values.ts";

/** Longer values are cut in the middle: a comment is read by people. */
const LONGEST = 160;

/** Text without control characters; a line break is shown as one. */
export function plain(text: string): string {
  return text.replaceAll("\n", "⏎").replaceAll(/\p{Cc}/gu, "·");
}

function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const half = Math.floor((longest - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(text.length - half)}`;
}

/** Any text as a Markdown code span: nothing in it is markup, a mention or a link. */
export function code(text: string, longest = LONGEST): string {
  const safe = shortened(plain(text), longest);
  const longestRun = Math.max(0, ...(safe.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  // A code span that begins or ends with a tick, or is empty, needs space around.
  const pad = safe === "" || safe.startsWith("`") || safe.endsWith("`") ? " " : "";
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** A property's value as a reader sees it. Never a secret's. */
export function value(item: unknown): string {
  if (item === undefined) return "nothing";
  if (isUnknown(item)) return "known after apply";
  if (isSecret(item)) return "a secret";
  const hash = assetHash(item);
  if (hash !== undefined) return hash === "" ? "a file" : `content ${code(hash.slice(0, 12))}`;
  return code(typeof item === "string" ? item : JSON.stringify(masked(item)));
}

/** The same value with secrets and unknowns inside said in words. */
export function masked(item: unknown): unknown {
  if (isSecret(item)) return "(secret)";
  if (isUnknown(item)) return "(known after apply)";
  if (assetHash(item) !== undefined) return "(file)";
  if (Array.isArray(item)) return item.map(masked);
  if (typeof item !== "object" || item === null) return item;
  return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, masked(inner)]));
}

/** `1 change`, `2 changes`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/** `a, b, c and 7 more`. */
export function listed(names: readonly string[], most: number): string {
  if (names.length <= most + 1) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${(names.length - most).toLocaleString("en-US")} more`;
}

/** `Pipeline repository rootfs`, from `PipelineRepository rootfs`. */
export function title(component: string): string {
  const [type = "", ...name] = component.split(" ");
  const words = type.replaceAll(
    /([a-z])([A-Z])/g,
    (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
  return [words, ...name].join(" ");
}
