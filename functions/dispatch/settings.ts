import { DISPATCH_SETTINGS_VARIABLE, DispatchSettings } from "../../contracts/dispatch-settings.ts";
import { problemLines } from "../../contracts/problems.ts";
import { environment } from "../lib/environment.ts";

/** What the function was deployed with. Throws one error that names everything wrong. */
export function readSettings(): DispatchSettings {
  const { [DISPATCH_SETTINGS_VARIABLE]: text } = environment([DISPATCH_SETTINGS_VARIABLE]);
  const parsed = DispatchSettings.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${DISPATCH_SETTINGS_VARIABLE}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
