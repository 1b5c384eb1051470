import { join } from "node:path";
import type { PipelineConfig } from "../../infra/config/model.ts";
import { parseConfig } from "../../infra/config/parse.ts";
import { formatProblems } from "../../infra/config/problems.ts";
import { neighbourClaims, stackFileConfig } from "../../infra/config/stack-files.ts";

/**
 * Everything that is wrong in a stack file. The program finds the same, but after the engine has started and looked at
 * what is there. Gives the configuration where nothing is wrong.
 *
 * @returns what the file says, with every default
 * @throws {Error} with one line per problem
 */
export function checkStackFile(root: string, stack: string, text: string): PipelineConfig {
  const { config, problems } = parseConfig(
    stackFileConfig(text),
    stack,
    neighbourClaims(join(root, "stacks"), stack),
  );
  if (problems !== undefined) throw new Error(formatProblems(stack, problems));
  return config;
}
