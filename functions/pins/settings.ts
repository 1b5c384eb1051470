import { PINS_SETTINGS_VARIABLE, PinsSettings } from "../../contracts/pins-settings.ts";
import { problemLines } from "../../contracts/problems.ts";
import { environment } from "../lib/environment.ts";

/** What the function was deployed with. Throws one error that names everything wrong. */
export function readSettings(): PinsSettings {
  const { [PINS_SETTINGS_VARIABLE]: text } = environment([PINS_SETTINGS_VARIABLE]);
  const parsed = PinsSettings.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${PINS_SETTINGS_VARIABLE}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
