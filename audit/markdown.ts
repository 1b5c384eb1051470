import type { PolicyResult } from "./policy-results.ts";
import type { Destructive, Report } from "./report.ts";
import { RISKS, type Risk, type Unchecked } from "./risk.ts";
import { renderSections, type SectionText } from "./sections.ts";
import { code, count, listed, plain } from "./text.ts";
import { label, nameOf, shortType, typeOf } from "./urn.ts";
import { tallied, WORDS, type Words } from "./words.ts";

/** GitHub refuses a comment of more than 65,536 characters. What is added around the report must fit, too. */
export const COMMENT_BUDGET = 64_000;

export interface MarkdownOptions {
  /** Most characters. The full report has no bound. */
  readonly budget?: number;
  /** Where the full report is: a URL, or how to make it. */
  readonly full?: string;
}

/** A line for each of these would be nobody's reading: from here on, the same steps are told together. */
const MOST_STEPS = 60;
const MOST_NAMES = 12;
const MOST_IN_LINE = 24;

/** The report as Markdown. Summary, destructive steps and risks are always whole; what is below them is cut to fit. */
export function renderMarkdown(report: Report, { budget, full }: MarkdownOptions = {}): string {
  const words = WORDS[report.kind];
  const head = [
    summary(report, words),
    ...errors(report.errors, report.warnings),
    ...destructive(report.destructive, words),
    ...risks(report.risks),
  ];
  const fixed = head.join("\n\n");
  // What stands as it stood is not this change's: an empty one is told in one line.
  if (report.outcome === "clean") return `${fixed}\n`;
  const rest = [
    ...policies(report),
    ...unchecked(report.unchecked),
    ...renderSections(report.sections, words, budget === undefined ? Number.POSITIVE_INFINITY : MOST_IN_LINE),
  ];
  if (budget === undefined) return `${[fixed, ...rest.map(({ text }) => text)].join("\n\n")}\n`;
  return fitted(fixed, rest, budget, full);
}

function fitted(
  fixed: string,
  rest: readonly SectionText[],
  budget: number,
  full: string | undefined,
): string {
  const parts = [fixed];
  const left: SectionText[] = [];
  // The note on what is left out needs room of its own.
  let room = budget - fixed.length - 1_200;
  for (const part of rest) {
    const fits = [part.text, part.short].find((text) => text !== undefined && text.length + 2 <= room);
    if (fits !== undefined) {
      parts.push(fits);
      room -= fits.length + 2;
    }
    if (fits !== part.text) left.push(part);
  }
  if (left.length === 0) return `${parts.join("\n\n")}\n`;
  const names = listed(
    left.map(({ name, size }) => `${name} (${count(size, "change")})`),
    MOST_NAMES,
  );
  const where = full === undefined ? "" : ` The full report: ${full}`;
  return `${[...parts, `> Left out or shortened, to fit into a comment: ${names}.${where}`].join("\n\n")}\n`;
}

function summary({ stack, commit, outcome, counts, unchanged }: Report, words: Words): string {
  const at = commit === undefined ? "" : ` at ${code(commit.slice(0, 12))}`;
  const heading = `Stack ${code(stack)}${at}`;
  if (outcome === "clean") return `${heading}: ${words.nothing(unchanged)}`;
  const numbers = words.verbs.flatMap(([action]) => {
    const number = counts[action] ?? 0;
    return number === 0 ? [] : [tallied(words, action, number)];
  });
  const what = numbers.length === 0 ? [] : [`${numbers.join(", ")}.`];
  return [`### ${heading}`, [words.verdicts[outcome], ...what].join(" ")].join("\n\n");
}

function errors(messages: readonly string[], warnings: readonly string[]): readonly string[] {
  const block = (text: string) => {
    const safe = text.replaceAll(/[^\P{Cc}\n]/gu, "·").slice(0, 4_000);
    const fence = "`".repeat(Math.max(3, ...(safe.match(/`+/g) ?? []).map((run) => run.length + 1)));
    return `${fence}text\n${safe}\n${fence}`;
  };
  return [
    ...(messages.length === 0 ? [] : ["#### Errors", ...messages.slice(0, 5).map(block)]),
    ...(messages.length > 5 ? [`And ${count(messages.length - 5, "more error")}.`] : []),
    ...(warnings.length === 0
      ? []
      : [
          `Warnings: ${listed(
            warnings.map((warning) => code(warning, 300)),
            5,
          )}.`,
        ]),
  ];
}

function destructive(steps: readonly Destructive[], words: Words): readonly string[] {
  if (steps.length === 0) return [];
  const heading = `#### ${words.destructive} (${steps.length.toLocaleString("en-US")})`;
  // Sets off what needs a line of its own from what only goes along.
  const alone = steps.filter((step) => step.loss !== undefined || step.because.length > 0 || step.gap);
  const along = steps.filter((step) => !alone.includes(step));
  const lines =
    alone.length <= MOST_STEPS ? alone.map((one) => stepLine(one, words)) : groupedSteps(alone, words);
  return [`${heading}\n\n${[...lines, ...alongLines(along, words)].join("\n")}`];
}

/** What loses nothing and has no reason of its own, by the part that it is of. */
function alongLines(steps: readonly Destructive[], words: Words): readonly string[] {
  const groups = new Map<string, Destructive[]>();
  for (const step of steps) {
    const key = `${words.step[step.action]}, ${plain(step.section)}`;
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  if (groups.size > MOST_STEPS) return groupedSteps(steps, words);
  return [...groups].map(([key, own]) => `- ${key}: ${own.map(({ urn }) => code(label(urn))).join(", ")}`);
}

function stepLine(step: Destructive, words: Words): string {
  const reasons = step.because.length === 0 ? [] : [`because ${step.because.join(", and ")}`];
  const all = [...reasons, ...consequences(step)];
  const what = `- ${words.step[step.action]} ${code(label(step.urn))} (${plain(step.section)})`;
  return all.length === 0 ? what : `${what}: ${all.join("; ")}`;
}

function consequences({ loss, kept, action, gap }: Destructive): readonly string[] {
  return [
    ...(loss === undefined ? [] : [kept ? loss : `**lost: ${loss}**`]),
    ...(action === "replace" && gap ? ["the old one is gone before the new one is there"] : []),
  ];
}

/** The same step on many resources of a type, with as many names as can be read. */
function groupedSteps(steps: readonly Destructive[], words: Words): readonly string[] {
  const groups = new Map<string, Destructive[]>();
  for (const step of steps) {
    const key = JSON.stringify([step.action, typeOf(step.urn), consequences(step)]);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const names = listed(
      own.map(({ urn }) => code(nameOf(urn), 60)),
      MOST_NAMES,
    );
    const after = consequences(first);
    const what = `- ${words.step[first.action]} ${own.length.toLocaleString("en-US")} ${code(shortType(typeOf(first.urn)))}: ${names}`;
    return after.length === 0 ? what : `${what}; ${after.join("; ")}`;
  });
}

function risks(all: readonly Risk[]): readonly string[] {
  if (all.length === 0) return [];
  const groups = new Map<string, Risk[]>();
  for (const risk of all) {
    const key = JSON.stringify([risk.severity, risk.kind, risk.what]);
    groups.set(key, [...(groups.get(key) ?? []), risk]);
  }
  const lines = [...groups.values()]
    .sort((a, b) => Number(a[0]?.severity === "medium") - Number(b[0]?.severity === "medium"))
    .flatMap((own) => {
      const [risk] = own;
      if (risk === undefined) return [];
      const where = listed([...new Set(own.map((one) => one.where))], MOST_NAMES);
      const kind = risk.severity === "high" ? `**${RISKS[risk.kind]}**` : RISKS[risk.kind];
      return [`- ${kind}: ${risk.what} (${where})`];
    });
  return [`#### Risks (${all.length.toLocaleString("en-US")})\n\n${lines.join("\n")}`];
}

function policies({ policies: results, sections }: Report): readonly SectionText[] {
  const changed = new Set(sections.flatMap(({ changes }) => changes.map(({ urn }) => urn)));
  const touches = ({ level, violations }: PolicyResult) =>
    level === "mandatory" || violations.some(({ urn }) => changed.has(urn));
  const told = results.filter(touches);
  const before = results.filter((result) => !touches(result));
  if (told.length === 0 && before.length === 0) return [];
  const text = (most: number) =>
    [
      "#### Policy",
      [...told.map((result) => policyLines(result, most)), ...unchangedAdvice(before)].join("\n"),
    ].join("\n\n");
  const size = results.reduce((sum, { violations }) => sum + violations.length, 0);
  return [{ name: "policy", size, text: text(10), short: text(1) }];
}

function policyLines(result: PolicyResult, most: number): string {
  const { name, level, severity, description, reason, fix, violations } = result;
  const byMessage = new Map<string, string[]>();
  for (const { urn, message } of violations) {
    const place = urn === "" ? "the stack" : code(label(urn));
    byMessage.set(message, [...(byMessage.get(message) ?? []), place]);
  }
  const found = [...byMessage].map(([message, places]) => `  - ${listed(places, most)}: ${plain(message)}`);
  const kind = level === "mandatory" ? `**mandatory**, ${severity}` : `${level}, ${severity}`;
  return [
    `- ${code(name)} (${kind}): ${description}. ${reason}`,
    ...found.slice(0, most),
    ...(found.length > most ? [`  - and ${count(found.length - most, "more violation")}`] : []),
    `  - To fix: ${fix}`,
  ].join("\n");
}

/** Advice on what this change does not touch is the same on every pull request. */
function unchangedAdvice(results: readonly PolicyResult[]): readonly string[] {
  if (results.length === 0) return [];
  const names = results.map(
    ({ name, violations }) => `${code(name)} (${violations.length.toLocaleString("en-US")})`,
  );
  return [`- Advice on what this does not change: ${names.join(", ")}`];
}

function unchecked(items: readonly Unchecked[]): readonly SectionText[] {
  if (items.length === 0) return [];
  const groups = new Map<string, { readonly first: Unchecked; readonly places: string[] }>();
  for (const item of items) {
    const key = JSON.stringify([item.what, item.reason]);
    const group = groups.get(key) ?? { first: item, places: [] };
    group.places.push(item.where);
    groups.set(key, group);
  }
  const text = (most: number) =>
    [
      `#### Could not be checked before an update (${items.length.toLocaleString("en-US")})`,
      [...groups.values()]
        .map(({ first, places }) => `- ${first.what} on ${listed(places, most)}: ${first.reason}`)
        .join("\n"),
    ].join("\n\n");
  return [{ name: "what could not be checked", size: items.length, text: text(12), short: text(3) }];
}
