import { readFile } from "node:fs/promises";
import { problemLines } from "../contracts/problems.ts";
import { RUNNER_FILES, RUNNER_SETTINGS_VARIABLE, RunnerSettings } from "../contracts/runner-settings.ts";

/**
 * Reads the settings that the program gave this runner: in the environment, else in a file. Throws one error that names
 * everything wrong.
 */
export async function readSettings(
  file: string = RUNNER_FILES.settings,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<RunnerSettings> {
  const given = environment[RUNNER_SETTINGS_VARIABLE];
  const place = given === undefined ? file : RUNNER_SETTINGS_VARIABLE;
  const parsed = RunnerSettings.safeParse(JSON.parse(given ?? (await readFile(file, "utf8"))));
  if (!parsed.success) throw new Error(`${place}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
