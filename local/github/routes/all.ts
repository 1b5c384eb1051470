import type { Front } from "../front.ts";
import { addHealth } from "./health.ts";
import { addHooks } from "./hooks.ts";
import { addRepositories } from "./repositories.ts";
import { addRulesets } from "./rulesets.ts";

/** What the front's own routes need; they are added before the emulator's and so come first. */
export type RouteParts = Omit<Front, "description">;

export function addRoutes(front: RouteParts): void {
  addHealth(front);
  addRepositories(front);
  addRulesets(front);
  addHooks(front);
}
