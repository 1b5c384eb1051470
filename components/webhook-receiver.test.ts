import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { beforeAll, describe, expect, it } from "vitest";
import { DISPATCH_SETTINGS_VARIABLE, DispatchSettings } from "../contracts/dispatch-settings.ts";
import { appAccess } from "./testing/app-access.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const receiver = new WebhookReceiver("dispatch", {
    functionName: "hypriot-test-dispatch",
    table: "hypriot-test-deliveries",
    buildsTable: "hypriot-test-builds",
    organization: "hypriot",
    tagPattern: "v*",
    publicLogs: true,
    queues: { arm64: { url: "https://queue.example/arm64", arn: "arn:queue:arm64" } },
    bucket: { name: "artifacts", arn: "arn:aws:s3:::artifacts" },
    github: appAccess(),
    secretName: "hypriot-test-webhook-secrets",
    code: new AssetArchive({}),
    settings: { memoryMiB: 256, timeoutSeconds: 30, logRetentionDays: 30 },
    secrets: { "os-rootfs": "shh" },
    alarmTopicArn: "arn:topic",
    secretRecoveryDays: 30,
    tags: { stack: "test" },
  });
  expect(await resolved(receiver.url)).toBe("https://dispatch.example/");
});

describe("WebhookReceiver", () => {
  it("gives the function the secret's name, not its value", () => {
    const { environment } = only(registered, "lambda/function:Function").inputs;
    const { variables } = environment as { variables: Record<string, string> };
    expect(Object.keys(variables)).toEqual([DISPATCH_SETTINGS_VARIABLE]);
    expect(DispatchSettings.parse(JSON.parse(variables[DISPATCH_SETTINGS_VARIABLE] ?? ""))).toEqual({
      organization: "hypriot",
      deliveriesTable: "hypriot-test-deliveries",
      buildsTable: "hypriot-test-builds",
      webhookSecrets: "hypriot-test-webhook-secrets",
      bucket: "artifacts",
      queues: { arm64: "https://queue.example/arm64" },
      tagPattern: "v*",
      publicLogs: true,
      github: {
        apiUrl: "https://api.github.example",
        appId: 7,
        privateKeySecret: "hypriot-test-github-app-key",
      },
    });
    // A secret reaches the engine wrapped; a bare string here would be in state in plain text.
    expect(only(registered, "SecretVersion", "dispatch").inputs.secretString).toMatchObject({
      value: '{"os-rootfs":"shh"}',
    });
  });

  it("keeps the deleted secret for as long as it is told", () => {
    expect(only(registered, "secretsmanager/secret:Secret", "dispatch").inputs.recoveryWindowInDays).toBe(30);
  });

  it("lets the function read its secrets, record, send jobs, lead to logs and write its own, and nothing else", () => {
    const policy = JSON.parse(String(only(registered, "RolePolicy").inputs.policy));
    expect(
      policy.Statement.map(({ Action, Resource }: { Action: string[]; Resource: string[] }) => [
        Action,
        Resource,
      ]),
    ).toEqual([
      [["logs:CreateLogStream", "logs:PutLogEvents"], [expect.stringMatching(/:log-stream:\*$/)]],
      [
        ["secretsmanager:GetSecretValue"],
        [expect.stringContaining("hypriot-test-webhook-secrets"), expect.stringContaining("app-key")],
      ],
      [
        ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        [expect.stringContaining("hypriot-test-deliveries")],
      ],
      [
        ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
        [expect.stringContaining("hypriot-test-builds")],
      ],
      [["sqs:SendMessage"], ["arn:queue:arm64"]],
      [
        ["s3:GetObject"],
        ["builds", "pull-requests", "releases"].map((prefix) => `arn:aws:s3:::artifacts/${prefix}/*/log.txt`),
      ],
    ]);
  });

  it("is reached by anybody, by its URL only", () => {
    const permissions = registered.filter(({ type }) => type === "aws:lambda/permission:Permission");
    expect(permissions.map(({ inputs }) => [inputs.action, inputs.principal])).toEqual([
      ["lambda:InvokeFunctionUrl", "*"],
      ["lambda:InvokeFunction", "*"],
    ]);
    expect(
      permissions.map(({ inputs }) => inputs.functionUrlAuthType ?? inputs.invokedViaFunctionUrl),
    ).toEqual(["NONE", true]);
  });

  it("keeps its log for the given time and raises an alarm when it fails", () => {
    expect(only(registered, "LogGroup").inputs).toMatchObject({
      name: "/aws/lambda/hypriot-test-dispatch",
      retentionInDays: 30,
    });
    expect(only(registered, "MetricAlarm").inputs).toMatchObject({
      metricName: "Errors",
      alarmActions: ["arn:topic"],
    });
  });
});
