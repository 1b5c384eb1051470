import { output } from "@pulumi/pulumi";
import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { beforeAll, describe, expect, it } from "vitest";
import { RECONCILE_SETTINGS_VARIABLE, ReconcileSettings } from "../contracts/reconcile-settings.ts";
import { Reconciler } from "./reconciler.ts";
import { appAccess } from "./testing/app-access.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

let registered: Registered[];

const queue = (name: string) => ({ url: `https://queue.example/${name}`, arn: `arn:${name}` });

beforeAll(async () => {
  registered = mockEngine();
  const reconciler = new Reconciler("reconcile", {
    functionName: "hypriot-test-reconcile",
    pipeline: "hypriot-test",
    code: new AssetArchive({}),
    settings: { memoryMiB: 256, timeoutSeconds: 30, logRetentionDays: 30 },
    organization: "hypriot",
    receiver: { url: output("https://dispatch.example/"), builds: { name: "builds", arn: "arn:builds" } },
    publisher: {
      functionName: "hypriot-test-publish",
      arn: "arn:publish",
      releases: { name: "releases", arn: "arn:releases" },
    },
    queues: { arm64: { ...queue("arm64"), deadLetters: queue("arm64-dead") } },
    bucket: { name: "artifacts", arn: "arn:bucket" },
    github: appAccess(),
    stuckMinutes: 120,
    alarmTopicArn: "arn:topic",
    tags: { stack: "test" },
  });
  expect(await resolved(reconciler.functionName)).toBe("hypriot-test-reconcile");
});

describe("Reconciler", () => {
  it("is started every five minutes, by its own schedule alone, and never by two runs at once", () => {
    expect(only(registered, "EventRule").inputs.scheduleExpression).toBe("rate(5 minutes)");
    expect(only(registered, "EventTarget").inputs).toMatchObject({
      rule: "hypriot-test-reconcile",
      arn: "arn:aws:lambda/function:::hypriot-test-reconcile",
    });
    expect(only(registered, "lambda/permission:Permission").inputs).toMatchObject({
      principal: "events.amazonaws.com",
      sourceArn: "arn:aws:cloudwatch/eventRule:::hypriot-test-reconcile",
    });
    expect(only(registered, "lambda/function:Function").inputs.timeout).toBeLessThan(300);
  });

  it("is told where everything is", () => {
    const { environment } = only(registered, "lambda/function:Function").inputs;
    const { variables } = environment as { variables: Record<string, string> };
    expect(ReconcileSettings.parse(JSON.parse(variables[RECONCILE_SETTINGS_VARIABLE] ?? ""))).toEqual({
      pipeline: "hypriot-test",
      organization: "hypriot",
      webhookUrl: "https://dispatch.example/",
      buildsTable: "builds",
      releasesTable: "releases",
      bucket: "artifacts",
      queues: {
        arm64: { url: "https://queue.example/arm64", deadLetterUrl: "https://queue.example/arm64-dead" },
      },
      publishFunction: "hypriot-test-publish",
      logsUrl: "https://dispatch.example/logs/",
      stuckMinutes: 120,
      patience: { build: 600, release: 300 },
      github: {
        apiUrl: "https://api.github.example",
        appId: 7,
        privateKeySecret: "hypriot-test-github-app-key",
      },
    });
  });

  it("has an alarm for all that it cannot mend, and for its own silence", () => {
    const alarms = registered.filter(({ type }) => type.endsWith(":MetricAlarm"));
    const told = alarms.map(({ inputs: { name, metricName, treatMissingData, alarmActions } }) => {
      expect(alarmActions).toEqual(["arn:topic"]);
      return [name, metricName, treatMissingData];
    });
    expect(told.sort()).toEqual([
      ["hypriot-test-reconcile-errors", "Errors", "notBreaching"],
      ["hypriot-test-reconcile-failed-acts", "FailedActs", "notBreaching"],
      ["hypriot-test-reconcile-silent", "Invocations", "breaching"],
      ["hypriot-test-reconcile-stuck-builds", "StuckBuilds", "notBreaching"],
      ["hypriot-test-reconcile-undelivered", "UndeliveredWebhooks", "notBreaching"],
      ["hypriot-test-reconcile-unpublished", "UnpublishedReleases", "notBreaching"],
    ]);
  });
});
