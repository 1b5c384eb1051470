import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { STAND_INS } from "../../policies/sdk/stand-ins.js";
import { installPlugin, type Plugin } from "./plugin.ts";

const require = createRequire(import.meta.url);
const { version: packVersion } = require("../../policies/package.json") as { version: string };

/** The version of an SDK package: the engine looks for a plugin of just this version. */
function sdkVersion(name: string): string {
  const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
  return version;
}

const LANGUAGE_HOST: Plugin = {
  folder: `language-nodejs-v${sdkVersion("pulumi")}`,
  executable: "pulumi-language-nodejs",
  entry: "local/engine/main.ts",
  shared: [],
};

export const PROVIDERS = ["aws", "docker", "github"] as const;

export function providerPlugin(name: (typeof PROVIDERS)[number]): Plugin {
  return {
    folder: `resource-${name}-v${sdkVersion(name)}`,
    executable: `pulumi-resource-${name}`,
    entry: `local/providers/${name}/main.ts`,
    shared: ["contracts", "local/providers/framework"],
  };
}

/** The policy pack as one compiled file: it is started at every preview and `up`. */
const POLICY_PACK: Plugin = {
  folder: "policies",
  executable: "start",
  entry: "policies/pack.ts",
  shared: ["contracts"],
  standIns: STAND_INS,
  files: {
    "PulumiPolicy.yaml": readFileSync(new URL("../../policies/PulumiPolicy.yaml", import.meta.url), "utf8"),
    "package.json": JSON.stringify({ name: "hypriotos-policies", version: packVersion, main: "main.cjs" }),
  },
};

/** Where `prepareEngineHome` puts the policy pack. */
export const policyPackFolder = (home: string): string => join(home, POLICY_PACK.folder);

/**
 * Puts the language host and the local providers where the engine looks for them: in a `PULUMI_HOME` of the local
 * stack's own, so that a user's installation never sees them. And the policy pack beside them.
 * Resolves with the plugins that had to be made: none where all were there and current.
 */
export async function prepareEngineHome(home: string): Promise<readonly string[]> {
  const made: string[] = [];
  for (const plugin of [LANGUAGE_HOST, ...PROVIDERS.map(providerPlugin)]) {
    if (await installPlugin(join(home, "plugins"), plugin)) made.push(plugin.folder);
  }
  if (await installPlugin(home, POLICY_PACK)) made.push(POLICY_PACK.folder);
  return made;
}
