/** One thing that is wrong in a stack file. */
export interface Problem {
  /** `hypriotos:boards.banana-pi.architecture`, safe to print. */
  readonly path: string;
  /** What stands there, as a phrase that is safe to print and shows no secret. */
  readonly found: string;
  /** What would be right, and why where that is not plain. */
  readonly expected: string;
}

export type Path = readonly (string | number)[];

export const NAMESPACE = "hypriotos";

const LONGEST_FOUND = 60;

const LONGEST_PATH = 12;

/** Control characters, invisible ones and those that turn text around would forge or hide lines of a report. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

export function problem(path: Path, found: string, expected: string): Problem {
  return { path: formatPath(path), found, expected };
}

/** The first element is a key of the namespace, `["boards", "banana-pi"]`; an empty path is the whole stack. */
export function formatPath(path: Path): string {
  const [section, ...rest] = path;
  if (section === undefined) return NAMESPACE;
  const shown = rest.slice(0, LONGEST_PATH).map(formatPart).join("");
  return `${NAMESPACE}:${plainKey(String(section))}${shown}${rest.length > LONGEST_PATH ? "…" : ""}`;
}

function formatPart(part: string | number): string {
  if (typeof part === "number") return `[${part}]`;
  return isPlain(part) ? `.${part}` : `[${quote(part)}]`;
}

function plainKey(key: string): string {
  return isPlain(key) ? key : quote(key);
}

function isPlain(key: string): boolean {
  return /^[\w-]{1,60}$/.test(key) && secretKind(key) === undefined;
}

/** Text in quotes, shortened, with everything that does not print escaped. Never what looks like a secret. */
export function quote(text: string): string {
  const kind = secretKind(text);
  if (kind !== undefined) return `what looks like ${kind}`;
  const shown = text.length > LONGEST_FOUND ? text.slice(0, LONGEST_FOUND) : text;
  const quoted = JSON.stringify(shown).replace(UNPRINTABLE, (character) =>
    Array.from({ length: character.length }, (_, index) => escapeUnit(character.charCodeAt(index))).join(""),
  );
  return text.length > LONGEST_FOUND ? `${quoted}… (${text.length} characters)` : quoted;
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

const SECRETS: readonly { readonly pattern: RegExp; readonly kind: string }[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, kind: "a private key" },
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_\w{16,}/, kind: "a GitHub token" },
  { pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, kind: "an AWS access key" },
  { pattern: /^[a-z+]{1,20}:\/\/[^/@:\s]*:[^/@\s]+@/i, kind: "a URL with a password" },
];

/** `a private key`, or undefined where the text looks like no secret. */
export function secretKind(text: string): string | undefined {
  return SECRETS.find(({ pattern }) => pattern.test(text))?.kind;
}

/** What stands in a stack file, as a short phrase: scalars as they are, secrets never. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "nothing (null)";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") {
    if (isSecret(value)) return "a secret";
    const keys = Object.keys(value);
    return keys.length === 0 ? "an empty mapping" : `a mapping with ${keyList(keys)}`;
  }
  return String(value);
}

function keyList(keys: readonly string[]): string {
  const shown = [...keys].sort().slice(0, 4).map(plainKey).join(", ");
  return keys.length > 4 ? `${shown} and ${keys.length - 4} more` : shown;
}

/** How a stack file holds a secret: `{secure: <ciphertext>}`. */
export function isSecret(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at a path inside a value; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    return Reflect.get(at, part);
  }, value);
}

const ORDER = new Intl.Collator("en", { numeric: true });

/** By path: the order of a file is lost before the engine hands it over. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((a, b) => ORDER.compare(a.path, b.path));
}

/** One line. */
export function formatProblem({ path, found, expected }: Problem): string {
  return `${path}: found ${found}, expected ${expected}`;
}

/** What the person who runs the engine reads: every problem, one a line. */
export function formatProblems(stack: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [
    `stack ${stack} has ${count} in its configuration; nothing was touched:`,
    ...problems.map((found) => `  ${formatProblem(found)}`),
  ].join("\n");
}
