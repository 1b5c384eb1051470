import { readFile } from "node:fs/promises";
import { problemLines } from "../contracts/problems.ts";
import { RUNNER_FILES, RunnerSettings } from "../contracts/runner-settings.ts";

/** Reads the settings that the program gave this runner. Throws one error that names everything wrong. */
export async function readSettings(file: string = RUNNER_FILES.settings): Promise<RunnerSettings> {
  const parsed = RunnerSettings.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!parsed.success) throw new Error(`${file}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
