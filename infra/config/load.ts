import { join } from "node:path";
import { Config } from "@pulumi/pulumi/config.js";
import { RunError } from "@pulumi/pulumi/errors.js";
import { getStack } from "@pulumi/pulumi/metadata.js";
import { type Output, secret } from "@pulumi/pulumi/output.js";
import { allConfig } from "@pulumi/pulumi/runtime/config.js";
import { decodeConfig } from "./decode.ts";
import type { PipelineConfig } from "./model.ts";
import { parseConfig } from "./parse.ts";
import { formatProblems, NAMESPACE, problem } from "./problems.ts";
import type { SecretKey } from "./schema.ts";
import { neighbourClaims } from "./stack-files.ts";

/** Secret settings, each marked secret for the engine. */
export type PipelineSecrets = { readonly [Key in SecretKey]: Output<string> };

export interface LoadedConfig {
  readonly config: PipelineConfig;
  readonly secrets: PipelineSecrets;
}

/**
 * Reads the running stack's configuration, and what the stack files beside it claim.
 * @throws RunError with every problem, one a line, before any resource is registered.
 */
export function loadConfig(stacksFolder = join(process.cwd(), "stacks")): LoadedConfig {
  const stack = getStack();
  const raw = decodeConfig({ values: allConfig(), secretKeys: secretKeys() });
  const result = parseConfig(raw, stack, neighbourClaims(stacksFolder, stack));
  const key = appPrivateKey();
  if (result.problems !== undefined || key === undefined) {
    const problems = [...(result.problems ?? []), ...(key === undefined ? [MISSING_KEY] : [])];
    const error = new RunError(formatProblems(stack, problems));
    // The SDK shows no stack of it, but formats it: Node 20 takes 15 s and 3 GB for a frame of the SDK's own.
    error.stack = error.message;
    throw error;
  }
  return { config: result.config, secrets: { githubAppPrivateKey: key } };
}

const MISSING_KEY = problem(
  ["githubAppPrivateKey"],
  "nothing",
  "a secret: pulumi config set --secret hypriotos:githubAppPrivateKey, or GITHUB_APP_PRIVATE_KEY in the environment",
);

/** From the stack file, else from the environment, as the other credentials are. */
function appPrivateKey(): Output<string> | undefined {
  const given = process.env.GITHUB_APP_PRIVATE_KEY;
  return new Config(NAMESPACE).getSecret("githubAppPrivateKey") ?? (given ? secret(given) : undefined);
}

/** The SDK has no public way to ask which keys are secret; this is the variable that it reads itself. */
function secretKeys(): ReadonlySet<string> {
  const parsed: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]");
  if (!Array.isArray(parsed)) return new Set();
  return new Set(parsed.filter((key) => typeof key === "string"));
}
