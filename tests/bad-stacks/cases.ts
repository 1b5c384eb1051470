import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedStacks, STACK } from "./generated.ts";

export { generatedConfig, STACK } from "./generated.ts";

/** A stack file that must be refused, with everything that must be said about it. */
export interface BadStack {
  readonly name: string;
  /** The stack's name. */
  readonly stack: string;
  /** The stack file. */
  readonly text: string;
  /** One line for each problem, in order, as `formatProblem` gives them. */
  readonly problems: readonly string[];
}

/**
 * Every bad stack file: the `.yaml` files of this folder, each with its problems in a `.txt` file beside it,
 * and those that are too large to keep. A first line `# stack: <name>` gives the stack another name.
 */
export function badStacks(): readonly BadStack[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".yaml"));
  const kept = files.sort().map((file): BadStack => {
    const path = join(import.meta.dirname, file);
    const text = readFileSync(path, "utf8");
    return {
      name: file.replace(/\.yaml$/, ""),
      stack: /^# stack: (.+)$/m.exec(text)?.[1] ?? STACK,
      text,
      problems: readFileSync(path.replace(/\.yaml$/, ".txt"), "utf8")
        .trimEnd()
        .split("\n"),
    };
  });
  return [...kept, ...generatedStacks()];
}

/** The engine hands a configuration over in one environment variable, and Linux takes 128 KiB in one. */
const ENGINE_LIMIT = 100_000;

/**
 * Those that reach the program through the engine: of the stack `STACK`, without an encrypted value, for which it
 * has no key, and small enough to be handed over.
 */
export function engineStacks(): readonly BadStack[] {
  return badStacks().filter(
    ({ stack, text }) => stack === STACK && text.length < ENGINE_LIMIT && !/^\s*secure:/m.test(text),
  );
}
