import type { ConfigRules } from "../framework/config.ts";
import type { AnyHandler } from "../framework/operations.ts";
import type { CheckFailure, FunctionHandler } from "../framework/resource.ts";
import type { ProviderDefinition } from "../framework/server.ts";
import { isObject, type PropertyMap } from "../framework/values.ts";
import { connect, type GitHub, type GitHubConfig } from "./client.ts";
import { getTeam } from "./get-team.ts";
import { issueLabel } from "./issue-label.ts";
import { repository } from "./repository.ts";
import { repositoryFile } from "./repository-file.ts";
import { repositoryRuleset } from "./ruleset.ts";
import { teamRepository } from "./team-repository.ts";
import { repositoryWebhook } from "./webhook.ts";

const resources: readonly AnyHandler<GitHub>[] = [
  repository,
  repositoryFile,
  repositoryRuleset,
  repositoryWebhook,
  issueLabel,
  teamRepository,
];

const functions: readonly FunctionHandler<object, GitHub>[] = [getTeam];

const CONFIG: ConfigRules = {
  owner: { kind: "text", replace: true },
  organization: { kind: "text", replace: true },
  baseUrl: { kind: "text", replace: true },
  token: { kind: "text" },
  appAuth: { kind: "json" },
};

const APP_AUTH = ["id", "installationId", "pemFile"] as const;

function checkConfig({ baseUrl, appAuth }: PropertyMap): readonly CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (typeof baseUrl === "string" && !/^https?:/.test(URL.canParse(baseUrl) ? baseUrl : "")) {
    const reason = `found ${JSON.stringify(baseUrl)}; expected an http or https URL`;
    failures.push({ property: "baseUrl", reason });
  }
  for (const key of isObject(appAuth) ? APP_AUTH : []) {
    if (isObject(appAuth) && typeof appAuth[key] !== "string") {
      failures.push({ property: `appAuth.${key}`, reason: "missing; expected a text" });
    }
  }
  return failures;
}

/** The `github` package against any GitHub. `version` is that of the installed `@pulumi/github`. */
export function githubProvider(
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): ProviderDefinition<GitHub> {
  return {
    name: "github",
    version,
    config: CONFIG,
    checkConfig,
    configure: (config) => connect(config as GitHubConfig, environment),
    resources,
    functions,
  };
}
