import type { Change } from "./changes.ts";
import type { Risk, RiskRule, Unchecked } from "./risk.ts";
import { accessRisks, invokeRisks, teamRisks, uncheckedAccess } from "./risk-access.ts";
import { bypassRisks, protectionRisks, webhookRisks } from "./risk-github.ts";
import {
  monitoringRisks,
  protectRisks,
  runnerRisks,
  secretRisks,
  uncheckedSecrets,
} from "./risk-identity.ts";
import { guardRisks, lifecycleRisks, watchedRisks } from "./risk-watch.ts";

const RULES: readonly RiskRule[] = [
  accessRisks,
  invokeRisks,
  teamRisks,
  watchedRisks,
  guardRisks,
  protectionRisks,
  bypassRisks,
  webhookRisks,
  protectRisks,
  runnerRisks,
  secretRisks,
  lifecycleRisks,
  monitoringRisks,
];

/** What becomes riskier. */
export function risksOf(changes: readonly Change[]): readonly Risk[] {
  return changes.flatMap((change) => RULES.flatMap((rule) => rule(change)));
}

/** What would have been looked at and cannot be known before an update. */
export function uncheckedOf(changes: readonly Change[]): readonly Unchecked[] {
  return changes.flatMap((change) => [...uncheckedAccess(change), ...uncheckedSecrets(change)]);
}
