import { createRequire } from "node:module";
import { join } from "node:path";
import { installPlugin, type Plugin } from "./plugin.ts";

const require = createRequire(import.meta.url);

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

/**
 * Puts the language host and the local providers where the engine looks for them: in a `PULUMI_HOME` of the local
 * stack's own, so that a user's installation never sees them.
 * Resolves with the plugins that had to be made: none where all were there and current.
 */
export async function prepareEngineHome(home: string): Promise<readonly string[]> {
  const made: string[] = [];
  for (const plugin of [LANGUAGE_HOST, ...PROVIDERS.map(providerPlugin)]) {
    if (await installPlugin(join(home, "plugins"), plugin)) made.push(plugin.folder);
  }
  return made;
}
