import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { IMAGE_VARIABLES, jobBuildspec } from "../components/plan/buildspec.ts";
import { policyDocument, strangerStatements, takeRole, trustPolicy } from "../components/plan/policy.ts";
import { type BuildJob, buildKey } from "../contracts/build-job.ts";
import { BUILD_JOB_VARIABLE, RUNNER_SETTINGS_VARIABLE } from "../contracts/runner-settings.ts";
import { agentContext } from "../infra/build-contexts.ts";
import { buildImage } from "../local/providers/docker/image-build.ts";
import { until } from "../tests/support/until.ts";
import { ContainerCredentials } from "./testing/container-credentials.ts";
import { GOOD_PLAY, RunnerStand } from "./testing/stand.ts";

const ROOT = join(import.meta.dirname, "..");
const AGENT = `hypriotos-test-${process.pid}/agent:1`;

let stand: RunnerStand;
let credentials: ContainerCredentials;
let strangers: string;

beforeAll(async () => {
  stand = await RunnerStand.start();
  const { context } = agentContext(ROOT);
  await buildImage(stand.docker, AGENT, {
    context: join(ROOT, context),
    buildArgs: { BASE: "hypriotos/base:trixie" },
  });
  const { endpoint, region, credentials: root } = stand.emulator;
  const { settings, key } = stand.pipeline;
  // The project's role may take that of strangers, and nobody else may.
  const iam = new IAMClient({ endpoint, region, credentials: root });
  const RoleName = `${settings.name}--strangers`;
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustPolicy({ role: settings.role }) }),
  );
  strangers = Role?.Arn ?? "";
  const statements = strangerStatements(`arn:aws:s3:::${settings.bucket}`);
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: "work", PolicyDocument: policyDocument(statements) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: settings.name,
      PolicyName: "take-strangers",
      PolicyDocument: policyDocument([takeRole(strangers)]),
    }),
  );
  const { Credentials } = await new STSClient({ endpoint, region, credentials: key }).send(
    new AssumeRoleCommand({ RoleArn: settings.role, RoleSessionName: "codebuild" }),
  );
  credentials = await ContainerCredentials.start(Credentials ?? {});
});

afterAll(async () => {
  credentials?.stop();
  await stand?.docker.getImage(AGENT).remove({ force: true });
  await stand?.close();
});

afterEach(async () => {
  expect(await stand.containers()).toEqual([]);
});

/** Runs the last command of the buildspec as CodeBuild does: with its shell, its environment and its credentials. */
async function codebuild(
  job: BuildJob,
  builderImage = stand.pipeline.settings.builderImage,
): Promise<number> {
  const [command = ""] = jobBuildspec().phases.build?.commands ?? [];
  const settings = { ...stand.pipeline.settings, role: strangers, queues: {}, builderImage };
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: settings.region,
    AWS_ENDPOINT_URL: stand.emulator.endpoint,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: credentials.url,
    [IMAGE_VARIABLES.agent]: AGENT,
    [RUNNER_SETTINGS_VARIABLE]: JSON.stringify(settings),
    [BUILD_JOB_VARIABLE]: JSON.stringify(job),
  };
  try {
    await promisify(execFile)("sh", ["-c", command], { env });
    return 0;
  } catch (error) {
    return typeof error === "object" && error !== null && "code" in error ? Number(error.code) : -1;
  }
}

/** A job that CodeBuild is given: its message stays with whoever gave it. */
async function given(play: string, change: Partial<BuildJob> = {}): Promise<BuildJob> {
  const job = await stand.submit(await stand.commit({ play }), change);
  await stand.purge();
  return job;
}

describe("a job that CodeBuild is given", () => {
  test("is done by the agent's image as on a Docker host", async () => {
    const job = await given(GOOD_PLAY);
    expect(await codebuild(job)).toBe(0);
    expect(await stand.manifest(job)).toMatchObject({ result: "success" });
    expect(await stand.check(job)).toMatchObject({ conclusion: "success" });
    // Handed out again, it is told again and not built again.
    const before = await stand.versions(job);
    expect(await codebuild(job)).toBe(0);
    expect(await stand.versions(job)).toEqual(before);
  });

  test("has its end where the commit fails, too", async () => {
    const job = await given("exit 1");
    expect(await codebuild(job)).toBe(0);
    expect(await stand.record(job)).toMatchObject({ state: "failure" });
  });

  test("waits again where the pipeline fails: whoever gave it counts", async () => {
    const job = await given(`${GOOD_PLAY}# again`);
    expect(await codebuild(job, "hypriotos-test/no-such-image:1")).not.toBe(0);
    expect(await stand.record(job)).toMatchObject({ state: "queued" });
    expect(await stand.check(job)).toMatchObject({ status: "queued", output: { title: "Waiting again" } });
    expect(await codebuild(job)).toBe(0);
    expect(await stand.record(job)).toMatchObject({ state: "success" });
  });

  test("of a stranger is kept by a session of the strangers' role", async () => {
    const job = await given(GOOD_PLAY, { trigger: { type: "pull-request", number: 7 } });
    expect(await codebuild(job)).toBe(0);
    expect(await stand.manifest(job)).toMatchObject({ trusted: false, result: "success" });
    expect(buildKey(job)).toBe(`pull-requests/image-builder-test/7/${job.commit}`);
  });
});

describe("an agent's container that is stopped in the middle of two builds", () => {
  const play = `
if [ ! -e /cache/$HYPRIOTOS_VERSION ]; then touch /cache/$HYPRIOTOS_VERSION; phase long; sleep 100; fi
${GOOD_PLAY}`;

  test("gives both jobs back in the time that it has, and another runner does them", async () => {
    const settings = { ...stand.pipeline.settings, role: strangers, slots: 2 };
    const container = await stand.docker.createContainer({
      Image: AGENT,
      Labels: { "io.hypriot.test": settings.name },
      Env: [
        `AWS_REGION=${settings.region}`,
        `AWS_ENDPOINT_URL=${stand.emulator.endpoint}`,
        `AWS_CONTAINER_CREDENTIALS_FULL_URI=${credentials.url}`,
        `${RUNNER_SETTINGS_VARIABLE}=${JSON.stringify(settings)}`,
      ],
      // As components/docker-runner.ts has it.
      HostConfig: {
        Init: true,
        NetworkMode: "host",
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges"],
        Binds: ["/var/run/docker.sock:/var/run/docker.sock"],
      },
    });
    try {
      await container.start();
      const jobs = [];
      for (const note of ["one", "two"]) jobs.push(await stand.submit(await stand.commit({ play, note })));
      for (const job of jobs)
        await until("the build runs", async () => (await stand.check(job)).output.title === "long");
      // What the provider does when a runner is removed or replaced.
      await container.stop({ t: 30 });
      const { State } = await container.inspect();
      expect(State.ExitCode).toBe(0);
      for (const job of jobs) expect(await stand.record(job)).toMatchObject({ state: "queued" });
      expect(await stand.containers()).toEqual([]);
      for (const _ of jobs) expect(await stand.work()).toBe("success");
      for (const job of jobs) expect(await stand.check(job)).toMatchObject({ conclusion: "success" });
    } finally {
      await container.remove({ force: true });
    }
  });
});
