import { S3Client } from "@aws-sdk/client-s3";
import type { Catalogue } from "../../contracts/catalogue.ts";
import type { PinsSettings } from "../../contracts/pins-settings.ts";
import { type AwsReach, BOUNDED } from "../lib/aws.ts";
import { githubApp } from "../lib/github.ts";
import type { Pinner } from "./pins.ts";

/** How long one call of GitHub's may take. */
const CALL_MS = 20_000;

/** Everything that pins is made of. */
export function makePinner(settings: PinsSettings, catalogue: Catalogue, aws: AwsReach = {}): Pinner {
  const config = { ...BOUNDED, ...aws };
  return {
    settings,
    catalogue,
    s3: new S3Client({ ...config, ...(aws.endpoint === undefined ? {} : { forcePathStyle: true }) }),
    github: githubApp(settings, aws, CALL_MS),
  };
}
