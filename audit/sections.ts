import type { Change } from "./changes.ts";
import { grantsOf, notIn, policyDocumentOf } from "./grants.ts";
import type { PropertyChange } from "./property-diff.ts";
import type { ReportSection } from "./report.ts";
import { code, count, listed, title, value } from "./text.ts";
import { shortType } from "./urn.ts";
import { hasUnknown, isSecret, isUnknown } from "./values.ts";
import { tallied, type Words } from "./words.ts";

/** A part of a report that may be left out. */
export interface SectionText {
  readonly name: string;
  /** How many changes are in it. */
  readonly size: number;
  readonly text: string;
  /** The same in fewer words. */
  readonly short?: string;
}

/** Boards that change in the same way are told once. */
const SAME = 4;
const MOST_NAMES = 12;

/** One part for each board and component, with at most so many names in one line. */
export function renderSections(
  sections: readonly ReportSection[],
  words: Words,
  most: number,
): readonly SectionText[] {
  const groups = new Map<string, ReportSection[]>();
  for (const section of sections) {
    const key = signature(section);
    groups.set(key, [...(groups.get(key) ?? []), section]);
  }
  return [...groups.values()].flatMap((own) =>
    own.length >= SAME ? [together(own, words, most)] : own.map((section) => alone(section, words, most)),
  );
}

/** What is done to what, without names and values. */
function signature({ title: name, changes }: ReportSection): string {
  const shape = changes.map(({ action, type, properties }) => [
    action,
    type,
    properties.map(({ path }) => path),
  ]);
  return JSON.stringify([name.split(" ").slice(0, -1), shape]);
}

function alone(section: ReportSection, words: Words, most: number): SectionText {
  const size = section.changes.length;
  const heading = `<details open><summary><b>${escaped(section.title)}</b>: ${tally(section.changes, words)}</summary>`;
  return {
    name: section.title,
    size,
    text: `${heading}\n\n${body(section.changes, words, most)}\n\n</details>`,
    short: `<b>${escaped(section.title)}</b>: ${tally(section.changes, words)}`,
  };
}

function together(sections: readonly ReportSection[], words: Words, most: number): SectionText {
  const [first] = sections as readonly [ReportSection];
  const kind = first.title.split(" ").slice(0, -1).join(" ");
  const names = listed(
    sections.map(({ title: own }) => code(own.split(" ").at(-1) ?? own, 60)),
    MOST_NAMES,
  );
  const size = sections.reduce((sum, { changes }) => sum + changes.length, 0);
  const what = `${count(sections.length, kind === "" ? "part" : kind.toLowerCase())}`.replace(/rys$/, "ries");
  const heading = `<details open><summary><b>${escaped(what)}</b>, the same in each: ${tally(first.changes, words)}</summary>`;
  return {
    name: what,
    size,
    text: `${heading}\n\n${names}. For example ${escaped(first.title)}:\n\n${body(first.changes, words, most)}\n\n</details>`,
    short: `<b>${escaped(what)}</b>, the same in each: ${tally(first.changes, words)}`,
  };
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function tally(changes: readonly Change[], words: Words): string {
  const counts = new Map<Change["action"], number>();
  for (const { action } of changes) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts].map(([action, number]) => tallied(words, action, number)).join(", ");
}

function body(changes: readonly Change[], words: Words, most: number): string {
  const plainOnes = changes.filter(
    ({ action }) => action === "create" || action === "delete" || action === "forget",
  );
  const others = changes.filter((change) => !plainOnes.includes(change));
  return [...inOneLine(plainOnes, words, most), ...others.map((change) => inLines(change, words))].join("\n");
}

/** What is made or goes as a whole: its name says it. */
function inOneLine(changes: readonly Change[], words: Words, most: number): readonly string[] {
  const byAction = new Map<Change["action"], Change[]>();
  for (const change of changes) byAction.set(change.action, [...(byAction.get(change.action) ?? []), change]);
  return [...byAction].map(([action, own]) => `- ${words.signs[action]} ${listed(own.map(nameIn), most)}`);
}

/** A resource's name below its section, with the components in between. */
function nameIn({ type, name, components }: Change): string {
  // A component that is called as its resource says nothing more.
  const inner = components
    .slice(1)
    .filter((component) => component.split(" ")[1] !== name)
    .map(title);
  return `${code(`${shortType(type)} ${name}`)}${inner.length === 0 ? "" : ` in ${escaped(inner.join(", "))}`}`;
}

function inLines(change: Change, words: Words): string {
  const lines = change.properties.flatMap((property) => propertyLines(change, property));
  const own = lines.length === 0 ? [`  - ${nothingSeen(change)}`] : lines;
  return [`- ${words.signs[change.action]} ${nameIn(change)}`, ...own].join("\n");
}

function nothingSeen({ forcedBy, action }: Change): string {
  if (action === "import") return "as it is";
  return action === "replace" && forcedBy.length > 0
    ? `with what it depends on (${forcedBy.map((key) => code(key)).join(", ")})`
    : "what changes is known after apply";
}

/** One property: policy documents by what they allow, texts by their lines, all else old → new. */
function propertyLines(change: Change, property: PropertyChange): readonly string[] {
  const { path, old, new: young } = property;
  if (isUnknown(young)) return [`  - ${code(path)}: ${value(old)} → known after apply`];
  const documented = policyDocumentOf(change.type, change.new);
  if (documented !== undefined && documented !== "unknown" && /^(policy|assumeRolePolicy)\b/.test(path)) {
    return statementLines(change, property);
  }
  if (typeof old === "string" && typeof young === "string" && (old.includes("\n") || young.includes("\n"))) {
    return [`  - ${code(path)}: ${changedLines(old, young)}`];
  }
  if (isSecret(old) && isSecret(young)) return [`  - ${code(path)}: another secret`];
  // A path may hold a key: only where deliveries go is told.
  if (change.type.endsWith(":RepositoryWebhook") && path === "configuration.url") {
    return [`  - ${code(path)}: ${value(hostOf(old))} → ${value(hostOf(young))}`];
  }
  const note = hasUnknown(young) ? " (in part known after apply)" : "";
  return [`  - ${code(path)}: ${value(old)} → ${value(young)}${note}`];
}

function hostOf(url: unknown): unknown {
  return typeof url === "string" && URL.canParse(url) ? `${new URL(url).origin}/…` : url;
}

/** A change below `policy.Statement[Sid]`, with what it allows more or less. Said once for the document's first change. */
function statementLines(change: Change, property: PropertyChange): readonly string[] {
  const first = change.properties.find(({ path }) => /^(policy|assumeRolePolicy)\b/.test(path));
  const before = grantsOf(change.type, change.old);
  const after = grantsOf(change.type, change.new);
  const statement = `  - ${code(property.path.replace(/^(policy|assumeRolePolicy)\.Statement/, "statement "))}: ${value(property.old)} → ${value(property.new)}`;
  if (property !== first) return [statement];
  const more = notIn(after, before).length;
  const less = notIn(before, after).length;
  return [
    `  - ${code(first.path.split(".")[0] ?? "policy")}: ${count(more, "grant")} more, ${less.toLocaleString("en-US")} fewer`,
    statement,
  ];
}

function changedLines(old: string, young: string): string {
  const [before, after] = [old.split("\n"), young.split("\n")];
  const gone = before.filter((line) => !after.includes(line));
  const come = after.filter((line) => !before.includes(line));
  const example = `${value(gone[0])} → ${value(come[0])}`;
  return `${count(gone.length, "line")} removed, ${come.length.toLocaleString("en-US")} added, first ${example}`;
}
