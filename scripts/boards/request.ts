import { parseArgs } from "node:util";
import { suggestion } from "../../contracts/suggestion.ts";
import { FIELDS, type Field, fieldsFor, readValue, wrong } from "./fields.ts";

/** What the command line of `add-board` says. */
export interface Request {
  readonly stack: string;
  readonly configFile: string | undefined;
  readonly preview: boolean;
  /** What was given of a board, by flag. Each value is right in itself. */
  readonly given: ReadonlyMap<string, unknown>;
}

/** What a board is told of, complete: an entry of the stack file and its name. */
export interface NewBoard {
  readonly name: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

const OWN = {
  stack: { type: "string", short: "s" },
  "config-file": { type: "string" },
  "no-preview": { type: "boolean" },
} as const;

const OPTIONS = {
  ...Object.fromEntries(FIELDS.map(({ flag }) => [flag, { type: "string" as const }])),
  ...OWN,
};

/**
 * Reads the command line.
 * @throws {Error} with a line for every flag that is unknown, lacks its value, stands twice or has a wrong value
 */
export function readRequest(argv: readonly string[]): Request {
  const { tokens } = parseArgs({ args: [...argv], options: OPTIONS, strict: false, tokens: true });
  const problems: string[] = [];
  const texts = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional")
      problems.push(`found ${JSON.stringify(token.value)}, expected flags only`);
    if (token.kind !== "option") continue;
    const known = Object.keys(OPTIONS);
    if (!known.includes(token.name)) {
      const meant = suggestion(token.name, known);
      problems.push(
        `${token.rawName}: found an unknown flag${meant === undefined ? "" : ` — did you mean --${meant}?`}`,
      );
    } else if (token.name !== "no-preview" && token.value === undefined) {
      problems.push(`${token.rawName}: found nothing, expected a value`);
    } else texts.set(token.name, [...(texts.get(token.name) ?? []), token.value ?? ""]);
  }
  const given = new Map<string, unknown>();
  for (const [flag, values] of texts) {
    const field = FIELDS.find((one) => one.flag === flag);
    if (field?.kind !== "list" && values.length > 1)
      problems.push(`--${flag}: found ${values.length} times, expected once`);
    if (field === undefined) continue;
    const value = readValue(field, values);
    const problem = wrong(field, value);
    if (problem === undefined) given.set(flag, value);
    else problems.push(`--${flag}: ${problem}`);
  }
  problems.push(...strayFlags(given));
  const stack = texts.get("stack")?.[0] ?? "local";
  // It becomes a part of file names.
  if (!/^[\w.-]{1,100}$/.test(stack))
    problems.push(`--stack: found ${JSON.stringify(stack)}, expected a stack's name`);
  if (problems.length > 0)
    throw new Error(["nothing was changed:", ...problems.map((line) => `  ${line}`)].join("\n"));
  return { stack, configFile: texts.get("config-file")?.[0], preview: !texts.has("no-preview"), given };
}

/** Flags of another boot method than the one that was named. */
function strayFlags(given: ReadonlyMap<string, unknown>): string[] {
  const method = given.get("boot");
  if (method === undefined) return [];
  return FIELDS.filter(({ flag, method: own }) => own !== undefined && own !== method && given.has(flag)).map(
    ({ flag, method: own }) =>
      `--${flag}: found a flag of ${own}, expected none: --boot is ${String(method)}`,
  );
}

/** The fields that must be told and were not. Those of a boot method only once it is known. */
export function missingFields(given: ReadonlyMap<string, unknown>): readonly Field[] {
  return fieldsFor(methodIn(given)).filter(({ flag, required }) => required && !given.has(flag));
}

export function methodIn(given: ReadonlyMap<string, unknown>): string | undefined {
  const method = given.get("boot");
  return typeof method === "string" ? method : undefined;
}

/**
 * The board's entry, in the order of the fields.
 * @throws {Error} with a line for each flag that is missing
 */
export function newBoard(given: ReadonlyMap<string, unknown>): NewBoard {
  const missing = missingFields(given);
  if (missing.length > 0) {
    const lines = missing.map(
      ({ flag, question, example }) =>
        `  --${flag}: ${question}${example === "" ? "" : `, such as ${example}`}`,
    );
    throw new Error(
      ["nothing was changed. These flags are missing, and there is no terminal to ask in:", ...lines].join(
        "\n",
      ),
    );
  }
  const entry: Record<string, unknown> = {};
  for (const { flag, path } of FIELDS) {
    const [key, inner] = path;
    if (key === undefined || !given.has(flag)) continue;
    if (inner === undefined) entry[key] = given.get(flag);
    else entry[key] = { ...(entry[key] as object | undefined), [inner]: given.get(flag) };
  }
  return { name: String(given.get("name")), entry };
}
