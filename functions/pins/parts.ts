import { S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GithubApp } from "../../clients/github-app.ts";
import type { Catalogue } from "../../contracts/catalogue.ts";
import type { PinsSettings } from "../../contracts/pins-settings.ts";
import { type AwsReach, BOUNDED } from "../lib/aws.ts";
import type { Pinner } from "./pins.ts";

/** How long one call of GitHub's may take. */
const CALL_MS = 20_000;

/** Everything that pins is made of. */
export function makePinner(settings: PinsSettings, catalogue: Catalogue, aws: AwsReach = {}): Pinner {
  const config = { ...BOUNDED, ...aws };
  const secrets = new SecretsManagerClient(config);
  const privateKey = async () => {
    const command = new GetSecretValueCommand({ SecretId: settings.github.privateKeySecret });
    const { SecretString = "" } = await secrets.send(command);
    return SecretString;
  };
  return {
    settings,
    catalogue,
    s3: new S3Client({ ...config, ...(aws.endpoint === undefined ? {} : { forcePathStyle: true }) }),
    github: new GithubApp({
      access: settings.github,
      organization: settings.organization,
      privateKey,
      timeoutMs: CALL_MS,
    }),
  };
}
