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
 * Those with an encrypted value cannot go through the engine, which has no key for it.
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
