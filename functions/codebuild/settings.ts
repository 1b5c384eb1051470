import { CODEBUILD_SETTINGS_VARIABLE, CodebuildSettings } from "../../contracts/codebuild-settings.ts";
import { problemLines } from "../../contracts/problems.ts";
import { environment } from "../lib/environment.ts";

/** What the function was deployed with. Throws one error that names everything wrong. */
export function readSettings(): CodebuildSettings {
  const { [CODEBUILD_SETTINGS_VARIABLE]: text } = environment([CODEBUILD_SETTINGS_VARIABLE]);
  const parsed = CodebuildSettings.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${CODEBUILD_SETTINGS_VARIABLE}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
