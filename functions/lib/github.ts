import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GithubApp } from "../../clients/github-app.ts";
import type { GithubAccess } from "../../contracts/runner-settings.ts";
import { type AwsReach, BOUNDED } from "./aws.ts";

export interface GithubSettings {
  readonly organization: string;
  readonly github: GithubAccess;
}

/** GitHub as the pipeline's App, whose key is read when it is first needed. `timeoutMs` is how long one call may take. */
export function githubApp(
  { organization, github }: GithubSettings,
  aws: AwsReach,
  timeoutMs?: number,
): GithubApp {
  const secrets = new SecretsManagerClient({ ...BOUNDED, ...aws });
  return new GithubApp({
    access: github,
    organization,
    async privateKey() {
      const { SecretString = "" } = await secrets.send(
        new GetSecretValueCommand({ SecretId: github.privateKeySecret }),
      );
      return SecretString;
    },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}
