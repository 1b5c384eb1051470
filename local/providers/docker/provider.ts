import type Docker from "dockerode";
import type { ConfigRules } from "../framework/config.ts";
import type { AnyHandler } from "../framework/operations.ts";
import type { CheckFailure } from "../framework/resource.ts";
import type { ProviderDefinition } from "../framework/server.ts";
import type { PropertyMap } from "../framework/values.ts";
import { connect, type DockerConfig, hostProblem } from "./client.ts";
import { container } from "./container.ts";
import { remoteImage } from "./image.ts";

const resources: readonly AnyHandler<Docker>[] = [remoteImage, container];

const CONFIG: ConfigRules = {
  host: { kind: "text", replace: true },
  sshOpts: { kind: "json" },
  // Never connected to before it is needed, so there is no check to be switched off.
  disableDockerDaemonCheck: { kind: "boolean" },
};

function checkConfig({ host }: PropertyMap): readonly CheckFailure[] {
  const reason = typeof host === "string" ? hostProblem(host) : undefined;
  return reason === undefined ? [] : [{ property: "host", reason }];
}

/** The `docker` package against any daemon. `version` is that of the installed `@pulumi/docker`. */
export function dockerProvider(
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): ProviderDefinition<Docker> {
  return {
    name: "docker",
    version,
    config: CONFIG,
    checkConfig,
    configure: (config) => connect(config as DockerConfig, environment),
    resources,
  };
}
