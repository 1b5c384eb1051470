import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { beforeAll, describe, expect, it } from "vitest";
import { DOWNLOADS_SETTINGS_VARIABLE, DownloadsSettings } from "../contracts/downloads.ts";
import { Downloads, downloadsStatements } from "./downloads.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const downloads = new Downloads("downloads", {
    functionName: "hypriot-test-downloads",
    code: new AssetArchive({}),
    settings: { memoryMiB: 256, timeoutSeconds: 30, logRetentionDays: 30 },
    organization: "hypriot",
    webUrl: "https://github.example",
    bucket: { name: "artifacts", arn: "arn:aws:s3:::artifacts" },
    releaseTopicArn: "arn:releases",
    alarmTopicArn: "arn:alarms",
    tags: { stack: "test" },
  });
  expect(await resolved(downloads.functionName)).toBe("hypriot-test-downloads");
});

describe("Downloads", () => {
  it("follows the topic of releases, and is told where everything is", () => {
    expect(only(registered, "TopicSubscription").inputs.topic).toBe("arn:releases");
    const { environment } = only(registered, "lambda/function:Function").inputs;
    const { variables } = environment as { variables: Record<string, string> };
    expect(DownloadsSettings.parse(JSON.parse(variables[DOWNLOADS_SETTINGS_VARIABLE] ?? ""))).toEqual({
      organization: "hypriot",
      bucket: "artifacts",
      webUrl: "https://github.example",
    });
  });

  it("may read what was published and write its two documents, and nothing else", () => {
    expect(
      downloadsStatements("bucket").map(({ Action, Resource, Condition }) => [Action, Resource, Condition]),
    ).toEqual([
      [["s3:GetObject"], ["bucket/releases/*/release.json"], undefined],
      [["s3:ListBucket"], ["bucket"], { StringEquals: { "s3:prefix": ["releases/", "downloads/"] } }],
      [
        ["s3:GetObject", "s3:PutObject"],
        ["bucket/downloads/index.json", "bucket/downloads/os_list.json"],
        undefined,
      ],
    ]);
  });
});
