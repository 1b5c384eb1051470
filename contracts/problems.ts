import type { z } from "zod";

/** Everything that is wrong with a message: `field: what was found and expected`, one line each. */
export function problemLines(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.map(String).join(".") || "(whole)"}: ${issue.message}`);
}
