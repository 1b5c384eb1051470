import type { z } from "zod";
import { problemLines } from "../../contracts/problems.ts";

const WHOLE = "(whole)";

/** Everything that is wrong with a request's body, field by field. */
export function bodyProblems(error: z.ZodError): string[] {
  return problemLines(error).map((line) =>
    line.startsWith(WHOLE) ? `body${line.slice(WHOLE.length)}` : `body.${line}`,
  );
}
