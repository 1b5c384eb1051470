import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { captureEngine } from "../../scripts/lib/engine-run.ts";
import type { Session } from "../../scripts/lib/session.ts";
import { bootstrapPolicy } from "../support/bootstrap.ts";
import { openStack } from "../support/engine.ts";
import { TestStack } from "../support/test-stack.ts";

// The emulator enforces IAM: what the workflows' roles may not do fails here too.
let stack: TestStack;
let session: Session;

vi.setConfig({ testTimeout: 300_000 });

beforeAll(async () => {
  stack = await TestStack.create("roles");
  stack.edit((config) => {
    config.setIn(["config", "hypriotos:runners", "this-machine", "architectures"], ["arm64"]);
    config.setIn(["config", "hypriotos:runners", "cloud"], { kind: "codebuild", architectures: ["armhf"] });
  });
  session = await openStack(stack);
}, 300_000);
afterAll(() => stack.remove(), 300_000);

/** Of these the emulator does not find out which resource they are about, and asks for all. AWS does find out. */
const OF_ANYTHING = [
  "cloudwatch:DeleteAlarms",
  "cloudwatch:ListTagsForResource",
  "codebuild:BatchGetProjects",
  "codebuild:CreateProject",
  "codebuild:DeleteProject",
  "codebuild:UpdateProject",
  "dynamodb:ListTagsOfResource",
  "ecr:DescribeRepositories",
  "ecr:ListTagsForResource",
  "events:DeleteRule",
  "events:DescribeRule",
  "events:ListTagsForResource",
  "events:ListTargetsByRule",
  "events:PutRule",
  "events:PutTargets",
  "events:RemoveTargets",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "lambda:CreateEventSourceMapping",
  "lambda:CreateFunction",
  "lambda:DeleteEventSourceMapping",
  "lambda:UpdateEventSourceMapping",
  "sns:ListTagsForResource",
];

/** The same session with the credentials of somebody who has just these policies of the template. */
async function as(name: string, policies: readonly ("ReadPolicy" | "WritePolicy")[]): Promise<Session> {
  const iam = new IAM(stack.aws);
  const { Account = "" } = await new STS(stack.aws).getCallerIdentity({});
  await iam.createUser({ UserName: name });
  const parameters = {
    prefix: `hypriot-${stack.name}`,
    stack: stack.name,
    region: stack.aws.region,
    account: Account,
  };
  for (const policy of policies) {
    const PolicyDocument = JSON.stringify(bootstrapPolicy(policy, parameters));
    await iam.putUserPolicy({ UserName: name, PolicyName: policy, PolicyDocument });
  }
  const known = policies.flatMap((policy) => bootstrapPolicy(policy, parameters).Statement);
  const own = known.flatMap(({ Effect, Action }) => (Effect === "Allow" ? Action : []));
  const Action = OF_ANYTHING.filter((action) => own.includes(action));
  await iam.putUserPolicy({
    UserName: name,
    PolicyName: "emulator",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action, Resource: "*" }],
    }),
  });
  const { AccessKey } = await iam.createAccessKey({ UserName: name });
  const env = {
    ...session.env,
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey,
  };
  return { ...session, env };
}

const quiet = ["--non-interactive", "--suppress-progress", "--color", "never"];

describe("bootstrap/aws.yaml", () => {
  it("lets the up role make the whole pipeline", async () => {
    const role = await as("up", ["ReadPolicy", "WritePolicy"]);
    const { code, output } = await captureEngine(role, [
      "up",
      "--yes",
      "--skip-preview",
      "--continue-on-error",
      ...quiet,
    ]);
    expect(output.match(/.*(?:AccessDenied|not authorized).*/g) ?? []).toEqual([]);
    expect(code, output.slice(-3_000)).toBe(0);
  });

  it("lets the preview role look at all of it, and change nothing", async () => {
    const role = await as("preview", ["ReadPolicy"]);
    const exclude = ["**secretsmanager/secretVersion**", "**docker:index/**"].flatMap((urn) => [
      "--exclude",
      urn,
    ]);
    const look = await captureEngine(role, ["refresh", "--preview-only", ...exclude, ...quiet]);
    expect(look.output.match(/.*(?:AccessDenied|not authorized).*/g) ?? []).toEqual([]);
    expect(look.code, look.output.slice(-3_000)).toBe(0);
    expect(look.output).toMatch(/Resources:\n {4}\d+ unchanged\s*$/);
    stack.edit((config) =>
      config.setIn(["config", "hypriotos:functions"], { logRetentionDays: 7, secretRecoveryDays: 0 }),
    );
    const reader = { ...(await openStack(stack)), env: role.env };
    const { code, output } = await captureEngine(reader, ["up", "--yes", "--skip-preview", ...quiet]);
    expect(code).not.toBe(0);
    expect(output).toMatch(/AccessDenied|not authorized/);
  });

  it("lets the up role change and destroy it", async () => {
    const role = {
      ...(await openStack(stack)),
      env: (await as("up-again", ["ReadPolicy", "WritePolicy"])).env,
    };
    for (const command of ["up", "destroy"]) {
      const { code, output } = await captureEngine(role, [
        command,
        "--yes",
        "--skip-preview",
        "--refresh",
        ...quiet,
      ]);
      expect(output.match(/.*(?:AccessDenied|not authorized).*/g) ?? []).toEqual([]);
      expect(code, output.slice(-3_000)).toBe(0);
    }
  });
});
