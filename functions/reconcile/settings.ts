import { problemLines } from "../../contracts/problems.ts";
import { RECONCILE_SETTINGS_VARIABLE, ReconcileSettings } from "../../contracts/reconcile-settings.ts";
import { environment } from "../lib/environment.ts";

/** What the function was deployed with. Throws one error that names everything wrong. */
export function readSettings(): ReconcileSettings {
  const { [RECONCILE_SETTINGS_VARIABLE]: text } = environment([RECONCILE_SETTINGS_VARIABLE]);
  const parsed = ReconcileSettings.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${RECONCILE_SETTINGS_VARIABLE}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
