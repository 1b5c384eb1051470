import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECRClient } from "@aws-sdk/client-ecr";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { CodebuildSettings } from "../../contracts/codebuild-settings.ts";
import { type AwsReach, BOUNDED, BOUNDED_ALONE } from "../lib/aws.ts";
import { githubApp } from "../lib/github.ts";
import type { Feeder } from "./feed.ts";
import { BuildStarts } from "./records.ts";

/** How long one call of GitHub's may take. */
const CALL_MS = 8_000;

/** Everything that the function is made of. `codebuildReach` differs in tests only. */
export function makeFeeder(
  settings: CodebuildSettings,
  aws: AwsReach = {},
  codebuildReach: AwsReach = aws,
): Feeder {
  const config = { ...BOUNDED, ...aws };
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    settings,
    sqs: new SQSClient(config),
    // Asked once: whoever is refused comes back with its message.
    codebuild: new CodeBuildClient({
      ...BOUNDED_ALONE,
      ...codebuildReach,
      requestHandler: { ...BOUNDED.requestHandler, requestTimeout: 5_000 },
    }),
    ecr: new ECRClient(config),
    builds: new BuildStarts(dynamodb, settings.buildsTable),
    github: githubApp(settings, aws, CALL_MS),
    now: () => new Date(),
  };
}
