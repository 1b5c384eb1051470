import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { FIELDS, type Field, readValue, wrong } from "./fields.ts";
import { methodIn, type Request } from "./request.ts";

/**
 * Asks for everything that was not given; a wrong answer is said to be wrong and asked for again, an empty one leaves
 * out what may be left out.
 *
 * @throws {Error} where the input ends before all is answered
 */
export async function ask(
  given: Request["given"],
  input: Readable,
  output: Writable,
): Promise<ReadonlyMap<string, unknown>> {
  const lines = createInterface({ input, output });
  const closed = new Promise<never>((_, reject) => {
    lines.once("close", () => reject(new Error("nothing was changed: the answers ended too early")));
  });
  closed.catch(() => undefined);
  const answers = new Map(given);
  try {
    for (const field of FIELDS) {
      // The boot method decides which of its fields are asked, and is known by then.
      if (answers.has(field.flag) || (field.method !== undefined && field.method !== methodIn(answers)))
        continue;
      const value = await answer(
        field,
        (question) => Promise.race([lines.question(question), closed]),
        output,
      );
      if (value !== undefined) answers.set(field.flag, value);
    }
    return answers;
  } finally {
    lines.close();
  }
}

async function answer(
  field: Field,
  question: (text: string) => Promise<string>,
  output: Writable,
): Promise<unknown> {
  const hint = field.required ? "" : ", or nothing";
  const example = field.example === "" ? "" : ` (${field.example}${hint})`;
  for (;;) {
    const text = (await question(`${field.question}${example}: `)).trim();
    if (text === "" && !field.required) return undefined;
    const value = readValue(field, [text]);
    const problem = wrong(field, value);
    if (problem === undefined) return value;
    output.write(`  ${problem}\n`);
  }
}
