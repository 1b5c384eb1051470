import { problemLines } from "../../contracts/problems.ts";
import { PUBLISH_SETTINGS_VARIABLE, PublishSettings } from "../../contracts/publish-settings.ts";
import { environment } from "../lib/environment.ts";

/** What the function was deployed with. Throws one error that names everything wrong. */
export function readSettings(): PublishSettings {
  const { [PUBLISH_SETTINGS_VARIABLE]: text } = environment([PUBLISH_SETTINGS_VARIABLE]);
  const parsed = PublishSettings.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${PUBLISH_SETTINGS_VARIABLE}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
