import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createContext } from "../../../scripts/setup-steps/context.js";
import { findEngine } from "../../../scripts/setup-steps/engine.js";
import { prepareEngineHome } from "../../engine/home.ts";
import { type Stand, stand } from "./testing/lifecycle.ts";

const run = promisify(execFile);

let here: Stand;
let folder: string;
let engine: string;

beforeAll(async () => {
  here = await stand();
  folder = await mkdtemp(join(tmpdir(), "provider-engine-"));
  await mkdir(join(folder, "state"));
  await prepareEngineHome(join(folder, "home"));
  const found = await findEngine(createContext());
  if (found === undefined) throw new Error("no Pulumi CLI: scripts/setup brings one");
  engine = found.file;
  await pulumi({}, "stack", "init", "test");
});
afterAll(async () => {
  await here.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the command printed; rejects with it where the command fails. */
async function pulumi(
  settings: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  const { PATH = "", HOME = "" } = process.env;
  const { accessKeyId, secretAccessKey } = here.emulator.credentials;
  const env = {
    PATH,
    HOME,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    EMULATOR: here.emulator.endpoint,
    ...settings,
  };
  const cwd = fileURLToPath(new URL("./testing/program", import.meta.url));
  const { stdout } = await run(engine, [...args, "--non-interactive"], { cwd, env });
  return stdout;
}

const up = (settings: Readonly<Record<string, string>> = {}) =>
  pulumi(settings, "up", "--yes", "--skip-preview");
const unchanged = () => pulumi({}, "preview", "--expect-no-changes");

async function state(): Promise<string> {
  return readFile(join(folder, "state/.pulumi/stacks/provider-test/test.json"), "utf8");
}

// The engine's own life of a stack, one step after the other.
test("a creation that fails half way is kept, and finished by the next up", async () => {
  // The group is made by one call and its retention is set by another, which refuses this number of days.
  await expect(up({ DAYS: "4" })).rejects.toMatchObject({
    stdout: expect.stringContaining(
      "create aws:cloudwatch/logGroup:LogGroup logs: InvalidParameterException 400: Invalid retentionInDays",
    ),
  });
  expect(await state()).toContain("arn:aws:logs:us-east-1:000000000000:log-group:logs");
  await up();
  expect(await unchanged()).toContain("unchanged");
});

test("what is secret is encrypted in state, inputs and outputs", async () => {
  const key = (await pulumi({}, "stack", "output", "key", "--show-secrets")).trim();
  expect(key).toMatch(/^.{40}$/);
  const text = await state();
  expect(text).toContain("plain-value");
  expect(text).not.toContain("hidden-value");
  expect(text).not.toContain(key);
});

test("an update's preview knows what stays", async () => {
  const preview = await pulumi({ ROUND: "2" }, "preview", "--diff");
  expect(preview).toContain('~ round: "1" => "2"');
  // The bucket's policy is made from its ARN, which a tag does not change.
  expect(preview).toMatch(/~ 1 to update\s+8 unchanged/);
});

test("a refresh sees what was done by hand, and the next up repairs it", async () => {
  const s3 = await here.aws.s3();
  await s3.deleteBucketPolicy({ Bucket: "artifacts" });
  const lambda = await here.aws.lambda();
  await lambda.updateFunctionConfiguration({ FunctionName: "worker", Timeout: 99 });
  const refresh = await pulumi({}, "refresh", "--yes", "--skip-preview", "--diff");
  expect(refresh).toContain("~ timeout: 3 => 99");
  expect(refresh).toMatch(/~ 1 updated\s+- 1 deleted/);
  expect(await up()).toMatch(/\+ 1 created\s+~ 1 updated/);
  expect((await s3.getBucketPolicy({ Bucket: "artifacts" })).Policy).toContain("s3:DeleteBucket");
  expect(await unchanged()).toContain("unchanged");
});

test("nothing is left after destroy", async () => {
  await pulumi({}, "destroy", "--yes", "--skip-preview");
  const { Buckets } = await (await here.aws.s3()).listBuckets({});
  const { Users } = await (await here.aws.iam()).listUsers({});
  const { Functions } = await (await here.aws.lambda()).listFunctions({});
  expect([Buckets ?? [], Users ?? [], Functions ?? []]).toEqual([[], [], []]);
});
