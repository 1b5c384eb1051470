import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { beforeAll, describe, expect, it } from "vitest";
import { PINS_SETTINGS_VARIABLE, PinsSettings } from "../contracts/pins-settings.ts";
import { appAccess } from "./testing/app-access.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";
import { pinsStatements, VersionPins } from "./version-pins.ts";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const pins = new VersionPins("pins", {
    functionName: "hypriot-test-pins",
    code: new AssetArchive({}),
    settings: { memoryMiB: 256, timeoutSeconds: 30, logRetentionDays: 30 },
    organization: "hypriot",
    template: "image-builder-template",
    github: appAccess(),
    bucket: { name: "artifacts", arn: "arn:aws:s3:::artifacts" },
    topicArn: "arn:releases",
    alarmTopicArn: "arn:topic",
    tags: { stack: "test" },
  });
  expect(await resolved(pins.functionName)).toBe("hypriot-test-pins");
});

describe("VersionPins", () => {
  it("is told of published releases", () => {
    expect(only(registered, "TopicSubscription").inputs).toMatchObject({
      topic: "arn:releases",
      protocol: "lambda",
    });
  });

  it("is told where everything is, and has time for every board", () => {
    const { environment, timeout } = only(registered, "lambda/function:Function").inputs;
    const { variables } = environment as { variables: Record<string, string> };
    expect(PinsSettings.parse(JSON.parse(variables[PINS_SETTINGS_VARIABLE] ?? ""))).toEqual({
      organization: "hypriot",
      bucket: "artifacts",
      template: "image-builder-template",
      github: {
        apiUrl: "https://api.github.example",
        appId: 7,
        privateKeySecret: "hypriot-test-github-app-key",
      },
    });
    expect(timeout).toBe(900);
  });

  it("may read what was published and the App's key, and nothing else", () => {
    const statements = pinsStatements({ bucket: "bucket", appKey: "key" });
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["s3:GetObject"], ["bucket/releases/*/release.json"]],
      [["secretsmanager:GetSecretValue"], ["key"]],
    ]);
  });
});
