import type { Draft, StackClaims } from "./model.ts";
import type { Problem } from "./problems.ts";

/** What is wrong between sections that are each right in themselves. */
export function checkDraft(_draft: Draft, _others: readonly StackClaims[]): Problem[] {
  return [];
}
