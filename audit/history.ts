import { z } from "zod";
import { oneLine } from "../clients/text.ts";
import { count } from "./text.ts";

/** One operation as the engine tells it of any state backend. Configuration is in it, too, and is not read. */
const updateSchema = z.object({
  kind: z.string(),
  startTime: z.iso.datetime({ offset: true }),
  endTime: z.iso.datetime({ offset: true }).optional(),
  message: z.string().default(""),
  environment: z.record(z.string(), z.string()).nullish(),
  result: z.string().default("in-progress"),
  resourceChanges: z.record(z.string(), z.number()).nullish(),
});

/** One operation on a stack. */
export interface HistoryEntry {
  /** `up`, `down`, `refresh`, `import`, or as the engine calls it. */
  readonly what: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** Undefined while it runs, and for one that was killed. */
  readonly seconds: number | undefined;
  /** `succeeded`, `failed`, `in-progress` */
  readonly result: string;
  /** How many resources, components and providers among them, by what was done: `created`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly unchanged: number;
  /** What was checked out. */
  readonly commit: string | undefined;
  /** Who wrote that commit, by name. */
  readonly author: string | undefined;
  /** It had changes that were not committed. */
  readonly dirty: boolean;
  /** What was said to it, by default the commit's subject. */
  readonly message: string;
  /** The CI system that ran it, and where its run can be read. */
  readonly ci: string | undefined;
}

const KINDS: Readonly<Record<string, string>> = {
  update: "up",
  destroy: "down",
  "resource-import": "import",
};

/** The engine's steps, in the words and the order of a report's summary. */
const COUNTED: readonly (readonly [string, string])[] = [
  ["create", "created"],
  ["update", "updated"],
  ["replace", "replaced"],
  ["delete", "deleted"],
  ["import", "imported"],
  ["discard", "forgotten"],
];

const LONGEST = { name: 80, message: 200, ci: 200 };
const KNOWN = /\S/;

/**
 * Reads what `pulumi stack history --json` says, the newest operation first. Only what is named here is taken: no
 * configuration, and so no secret, passes.
 *
 * @throws {Error} that names what is of another form
 */
export function readHistory(text: string): readonly HistoryEntry[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Error("the engine's history: found no JSON, expected a list of operations");
  }
  const updates = z.array(updateSchema).safeParse(document);
  if (!updates.success) {
    const problems = updates.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`the engine's history: ${problems.join("; ")}`);
  }
  return updates.data.map(readEntry);
}

function readEntry(update: z.infer<typeof updateSchema>): HistoryEntry {
  const { kind, startTime, endTime, message, result } = update;
  const environment = update.environment ?? {};
  const changes = update.resourceChanges ?? {};
  const known = (name: string, longest: number) => {
    const value = environment[name] ?? "";
    return KNOWN.test(value) ? oneLine(value, longest) : undefined;
  };
  const ci = [known("ci.system", LONGEST.name), known("ci.build.url", LONGEST.ci)].filter(
    (part) => part !== undefined,
  );
  return {
    what: KINDS[kind] ?? oneLine(kind, LONGEST.name),
    started: new Date(startTime).toISOString(),
    seconds:
      endTime === undefined || result === "in-progress"
        ? undefined
        : Math.round((Date.parse(endTime) - Date.parse(startTime)) / 1000),
    result: oneLine(result, LONGEST.name),
    counts: Object.fromEntries(
      COUNTED.flatMap(([step, word]) => ((changes[step] ?? 0) > 0 ? [[word, changes[step] ?? 0]] : [])),
    ),
    unchanged: changes.same ?? 0,
    commit: known("git.head", LONGEST.name),
    author: known("git.author", LONGEST.name),
    dirty: environment["git.dirty"] === "true",
    message: oneLine(message, LONGEST.message),
    ci: ci.length === 0 ? undefined : ci.join(", "),
  };
}

/** The history as text, two lines for each operation. */
export function renderHistory(stack: string, entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return `Stack ${stack}: nothing was ever done.\n`;
  return `Stack ${stack}, the newest first:\n\n${entries.map(renderEntry).join("\n")}`;
}

function renderEntry(entry: HistoryEntry): string {
  const { started, what, result, seconds, counts, unchanged } = entry;
  const numbers = Object.entries(counts).map(([word, number]) => `${number.toLocaleString("en-US")} ${word}`);
  const did = numbers.length === 0 ? "no changes" : numbers.join(", ");
  const how = seconds === undefined ? result : `${result} in ${seconds} s`;
  const at = started.replace("T", " ").replace(/:\d\d\.\d+Z$/, " UTC");
  return [
    `${at}  ${what} ${how}: ${did}${unchanged > 0 ? `, ${count(unchanged, "resource")} as they were` : ""}.`,
    ...origin(entry).map((line) => `  ${line}`),
    "",
  ].join("\n");
}

function origin({ commit, author, dirty, message, ci }: HistoryEntry): readonly string[] {
  const of = commit === undefined ? [] : [`commit ${commit.slice(0, 12)}`];
  const by = author === undefined ? [] : [`by ${author}`];
  const uncommitted = dirty ? ["with changes that were not committed"] : [];
  const who = [...of, ...by, ...uncommitted].join(" ");
  const what = [who, message].filter((part) => part !== "").join(": ");
  return [...(what === "" ? [] : [what]), ...(ci === undefined ? [] : [`run by ${ci}`])];
}
