import { BatchDeleteImageCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BUILD_JOB_VARIABLE } from "../../contracts/runner-settings.ts";
import { IMAGES_PROJECT, PROJECT, Stand } from "./testing/stand.ts";

let stand: Stand;

beforeAll(async () => {
  stand = await Stand.start();
});

afterAll(() => stand?.stop());

afterEach(async () => {
  expect(stand.codebuild.left).toBe(0);
  expect(await stand.waiting()).toEqual({ visible: 0, hidden: 0 });
  expect(await stand.deadLetters()).toEqual([]);
  stand.codebuild.asked("");
});

const UNDER_WAY = {
  kind: "change",
  change: (answer: string) => answer.replace('"SUCCEEDED"', '"IN_PROGRESS"'),
} as const;

describe("a job", () => {
  test("has one build, and its message goes when it has its end", async () => {
    const job = await stand.submit("once");
    expect(await stand.work()).toEqual(["stays"]);
    expect(await stand.waiting()).toEqual({ visible: 0, hidden: 1 });
    const started = stand.codebuild.asked("StartBuild");
    expect(started).toEqual([
      {
        projectName: PROJECT,
        idempotencyToken: expect.stringMatching(/^[0-9a-f]{64}$/),
        environmentVariablesOverride: [
          { name: BUILD_JOB_VARIABLE, type: "PLAINTEXT", value: JSON.stringify(job) },
        ],
      },
    ]);
    const { codebuild } = await stand.record(job);
    expect(codebuild).toMatchObject({ attempt: 1, start: 1, id: expect.stringContaining(`${PROJECT}:`) });

    await stand.pass();
    stand.codebuild.expect("BatchGetBuilds", UNDER_WAY);
    expect(await stand.work()).toEqual(["stays"]);
    await stand.pass();
    await stand.state(job, "success");
    expect(await stand.work()).toEqual(["goes"]);
    expect(stand.codebuild.asked("StartBuild")).toEqual([]);
    expect(await stand.check(job)).toMatchObject({ status: "queued" });
  });

  test("that is handed out twice at the same time is started once", async () => {
    const job = await stand.submit("twice");
    expect(await stand.work(true)).toEqual(["stays", "stays"]);
    expect(stand.codebuild.asked("StartBuild")).toHaveLength(1);
    await stand.state(job, "failure");
    await stand.pass();
    expect(await stand.work()).toEqual(["goes"]);
  });

  test("that CodeBuild has no room for waits for as long as it takes, and is started once", async () => {
    const job = await stand.submit("throttled");
    for (const error of [
      "AccountLimitExceededException",
      "ThrottlingException",
      "AccountLimitExceededException",
    ]) {
      for (let time = 0; time < 2; time++) {
        stand.codebuild.expect("StartBuild", { kind: "refuse", error });
        expect(await stand.work()).toEqual(["stays"]);
        expect(await stand.waiting()).toEqual({ visible: 0, hidden: 1 });
        await stand.pass();
      }
    }
    const { codebuild } = await stand.record(job);
    expect([codebuild?.start, codebuild?.id]).toEqual([1, undefined]);
    stand.codebuild.asked("StartBuild");
    expect(await stand.work()).toEqual(["stays"]);
    expect(stand.codebuild.asked("StartBuild")).toHaveLength(1);
    expect((await stand.record(job)).codebuild).toMatchObject({ start: 1, id: expect.any(String) });
    await stand.state(job, "success");
    await stand.pass();
    expect(await stand.work()).toEqual(["goes"]);
  });

  test("whose start was not answered is asked for in the same words", async () => {
    const job = await stand.submit("lost");
    stand.codebuild.expect("StartBuild", { kind: "lose" });
    expect(await stand.work()).toEqual(["stays"]);
    const [lost] = stand.codebuild.asked("StartBuild");
    await stand.pass();
    expect(await stand.work()).toEqual(["stays"]);
    expect(stand.codebuild.asked("StartBuild")).toEqual([lost]);
    await stand.state(job, "success");
    await stand.pass();
    await stand.work();
  });

  test("that a newer commit makes needless is cancelled before it is built", async () => {
    const job = await stand.submit("superseded");
    await stand.supersede(job);
    expect(await stand.work()).toEqual(["goes"]);
    expect(stand.codebuild.asked("StartBuild")).toEqual([]);
    expect(await stand.record(job)).toMatchObject({
      state: "cancelled",
      reason: "a newer commit is built: builds/newer",
    });
    expect(await stand.check(job)).toMatchObject({ status: "completed", conclusion: "cancelled" });
  });
});

describe("a build that was stopped or could not begin", () => {
  test("is begun again, and after the third time the job ends with the reason", async () => {
    const job = await stand.submit("stopped");
    const tokens = new Set<unknown>();
    for (let start = 1; start <= 3; start++) {
      expect(await stand.work()).toEqual(["stays"]);
      const [asked] = stand.codebuild.asked("StartBuild");
      tokens.add(asked?.idempotencyToken);
      const { codebuild } = await stand.record(job);
      expect(codebuild?.start).toBe(start);
      await stand.stopBuild(codebuild?.id);
      await stand.state(job, start === 2 ? "queued" : "running");
      await stand.pass();
    }
    expect(tokens.size).toBe(3);
    expect(await stand.work()).toEqual(["goes"]);
    const reason = expect.stringMatching(
      /^the pipeline could not build this commit in 3 attempts: CodeBuild's runner-arm64:.*: STOPPED/,
    );
    expect(await stand.record(job)).toMatchObject({ state: "error", reason, toldAt: expect.any(String) });
    const { conclusion, output } = await stand.check(job);
    expect([conclusion, output.title]).toEqual(["failure", "The pipeline failed"]);
    expect(await stand.deadLetters()).toEqual([{ body: JSON.stringify(job), reason }]);
  });
});

describe("images that are not there", () => {
  test("are made first, once, and then the job is started", async () => {
    const { endpoint, region, credentials } = stand.aws;
    const ecr = new ECRClient({ endpoint, region, credentials });
    const image = { repositoryName: "hypriot/builder", imageTag: "b-arm64" };
    await ecr.send(
      new BatchDeleteImageCommand({
        repositoryName: image.repositoryName,
        imageIds: [{ imageTag: image.imageTag }],
      }),
    );
    const job = await stand.submit("images");
    expect(await stand.work()).toEqual(["stays"]);
    await stand.pass();
    stand.codebuild.expect("StartBuild", { kind: "refuse", error: "AccountLimitExceededException" });
    expect(await stand.work()).toEqual(["stays"]);
    const [first, second] = stand.codebuild.asked("StartBuild");
    expect(first).toMatchObject({ projectName: IMAGES_PROJECT });
    expect(second).toEqual(first);
    expect((await stand.record(job)).codebuild).toBeUndefined();

    await ecr.send(new PutImageCommand({ ...image, imageManifest: "{}" }));
    await stand.pass();
    expect(await stand.work()).toEqual(["stays"]);
    expect(stand.codebuild.asked("StartBuild")).toMatchObject([{ projectName: PROJECT }]);
    await stand.state(job, "success");
    await stand.pass();
    await stand.work();
  });
});

describe("a message that is no job", () => {
  test.each([
    ["no JSON", "{", "(whole): found what is no JSON, expected a build job"],
    ["another version", '{"version":2}', "version: 1, the version that this runner reads"],
  ])("%s: is kept among the dead letters with the reason", async (_, body, reason) => {
    await stand.send(body);
    expect(await stand.work()).toEqual(["goes"]);
    expect(await stand.deadLetters()).toEqual([{ body, reason: expect.stringContaining(reason) }]);
    expect(stand.codebuild.asked("StartBuild")).toEqual([]);
  });
});

test("what is wrong with the pipeline is an error of the function, and the message stays", async () => {
  const job = await stand.submit("denied");
  stand.codebuild.expect("StartBuild", { kind: "refuse", error: "ResourceNotFoundException" });
  await expect(stand.work()).rejects.toThrow("a fault");
  expect(await stand.waiting()).toEqual({ visible: 0, hidden: 1 });
  await stand.state(job, "cancelled");
  await stand.supersede(job);
  await stand.pass();
  await stand.work();
  await stand.state(job, "success");
  await stand.pass();
  await stand.work();
});
