import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type BuildJob, buildKey } from "../contracts/build-job.ts";
import type { RunnerSettings } from "../contracts/runner-settings.ts";
import { Agent } from "./agent.ts";
import { runGiven } from "./run-one.ts";
import { GOOD_PLAY, RunnerStand } from "./testing/stand.ts";
import { QUICK, testTools } from "./testing/tools.ts";

let stand: RunnerStand;

beforeAll(async () => {
  stand = await RunnerStand.start();
});

afterAll(() => stand?.close());

afterEach(async () => {
  expect(await stand.containers()).toEqual([]);
  expect(await stand.waiting()).toBe(0);
});

/** Runs until it is killed, unless an earlier run of the same commit was there. */
const LONG_PLAY = `
if [ ! -e /cache/$HYPRIOTOS_VERSION ]; then touch /cache/$HYPRIOTOS_VERSION; phase long; sleep 100; fi
${GOOD_PLAY}`;

/** Until the check run says that the build is in this phase. */
async function phase(job: BuildJob, name: string): Promise<void> {
  while ((await stand.check(job)).output.title !== name) await delay(50);
}

describe("a message that is no build job", () => {
  test.each([
    ["no JSON", "{", "(whole): found what is no JSON, expected a build job"],
    ["another version", '{"version":2}', "version: 1, the version that this runner reads"],
    ["too long", JSON.stringify("x".repeat(20_000)), "(whole): found 20002 bytes, expected at most 16384"],
  ])("%s: is kept among the dead letters with the reason", async (_, body, reason) => {
    await stand.send(body);
    expect(await stand.work()).toBeUndefined();
    const letters = await stand.deadLetters();
    expect(letters).toEqual([{ body, reason: expect.stringContaining(reason) }]);
  });

  test("for another architecture's queue", async () => {
    const job = await stand.submit(await stand.commit({ play: GOOD_PLAY }), {
      architectures: ["armhf", "arm64"],
    });
    await stand.work();
    expect(await stand.deadLetters()).toEqual([
      {
        body: JSON.stringify(job),
        reason: "architectures.0: found armhf, expected arm64, as this queue is for",
      },
    ]);
  });

  test("stops nothing that runs beside it", async () => {
    const job = await stand.submit(await stand.commit({ play: LONG_PLAY, note: "beside" }));
    const { tools, queues } = await testTools(
      { ...stand.config, settings: { ...stand.pipeline.settings, slots: 2 } },
      () => undefined,
    );
    const stop = new AbortController();
    const agent = new Agent(tools, queues);
    const ran = agent.run(stop.signal);
    try {
      await phase(job, "long");
      await stand.send("rubbish");
      const quick = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "quick" }));
      while ((await stand.record(quick)).state !== "success") await delay(50);
      expect(await stand.record(job)).toMatchObject({ state: "running" });
      // The record has its end before the check run has, and before the message goes.
      while (agent.working.length > 1) await delay(50);
    } finally {
      stop.abort();
      await ran;
    }
    expect(await stand.deadLetters()).toEqual([{ body: "rubbish", reason: expect.any(String) }]);
    expect(await stand.work()).toBe("success");
  });
});

describe("a build that takes longer than its message is kept", () => {
  test("is handed out once, and its log can be read meanwhile", async () => {
    const play = `phase long; echo "so far"; while [ ! -e /cache/enough ]; do sleep 0.1; done; ${GOOD_PLAY}`;
    const job = await stand.submit(await stand.commit({ play }));
    const working = stand.work({ times: { ...QUICK, visibilitySeconds: 2, keepMessage: 300 } });
    await phase(job, "long");
    await expect(stand.work()).rejects.toThrow("the queue has no message");
    expect(await stand.object(job, "log.txt")).toBe("==> long\nso far\n");
    await stand.inCache("touch /cache/enough");
    expect(await working).toBe("success");
  });
});

describe("a runner that is told to stop", () => {
  test("gives its job back at once, and another one does it", async () => {
    const job = await stand.submit(await stand.commit({ play: LONG_PLAY }));
    const stop = new AbortController();
    const working = stand.work({}, stop.signal);
    await phase(job, "long");
    const since = Date.now();
    stop.abort();
    expect(await working).toBeUndefined();
    expect(Date.now() - since).toBeLessThan(10_000);
    expect(await stand.record(job)).toMatchObject({ state: "queued" });
    expect(await stand.check(job)).toMatchObject({ status: "queued", conclusion: null });
    expect(await stand.containers()).toEqual([]);
    expect(await stand.work()).toBe("success");
    expect(await stand.check(job)).toMatchObject({ status: "completed", conclusion: "success" });
    expect(await stand.object(job, "log.txt")).not.toContain("==> long");
  });
});

describe("a runner that is told to stop while it keeps artifacts", () => {
  test("gives its job back at once too", async () => {
    const play = `[ "$1" = test ] || for i in 1 2 3; do head -c 20M /dev/urandom >/dist/$i; done; ${GOOD_PLAY}`;
    const job = await stand.submit(await stand.commit({ play }));
    const stop = new AbortController();
    let since = 0;
    const working = stand.work({}, stop.signal, ({ step }) => {
      if (step !== "container ended") return;
      since = Date.now();
      setTimeout(() => stop.abort(), 50);
    });
    expect(await working).toBeUndefined();
    expect(Date.now() - since).toBeLessThan(10_000);
    expect(await stand.record(job)).toMatchObject({ state: "queued" });
    expect(await stand.work()).toBe("success");
    expect((await stand.manifest(job)).artifacts.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["1", "2", "3"]),
    );
  });
});

describe("a build that a newer one makes needless", () => {
  test("is ended while it runs", async () => {
    const job = await stand.submit(await stand.commit({ play: "phase long; sleep 100" }));
    const working = stand.work();
    await phase(job, "long");
    await stand.supersede(job, "builds/image-builder-test/newer");
    expect(await working).toBe("cancelled");
    expect(await stand.record(job)).toMatchObject({
      state: "cancelled",
      reason: "a newer commit is built: builds/image-builder-test/newer",
    });
    expect(await stand.check(job)).toMatchObject({ conclusion: "cancelled" });
    expect(await stand.objects(job)).not.toContain("manifest.json");
  });

  test("is not begun", async () => {
    const job = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "old" }));
    await stand.supersede(job, "builds/image-builder-test/newer");
    expect(await stand.work()).toBe("cancelled");
    expect(await stand.check(job)).toMatchObject({ status: "completed", conclusion: "cancelled" });
    expect(await stand.objects(job)).toEqual([]);
    // Whoever was killed before the check run said so.
    await stand.send(JSON.stringify(job));
    expect(await stand.work()).toBe("cancelled");
  });
});

describe("a job that is given, not taken from a queue", () => {
  const given = async (note: string, settings: Partial<RunnerSettings> = {}) => {
    const job = await stand.submit(await stand.commit({ play: GOOD_PLAY, note }));
    await stand.purge();
    const config = { ...stand.config, settings: { ...stand.pipeline.settings, ...settings } };
    const { tools } = await testTools(config, () => undefined);
    return { job, end: await runGiven(tools, JSON.stringify(job), new AbortController().signal) };
  };

  test("is done as any other", async () => {
    const { job, end } = await given("given");
    expect(end).toBe("success");
    expect(await stand.check(job)).toMatchObject({ conclusion: "success" });
  });

  test("ends at the pipeline's own failure: nobody hands it out again", async () => {
    const { job, end } = await given("given to nobody", { builderImage: "hypriotos-test/no-such-image:1" });
    expect(end).toBe("error");
    expect(await stand.record(job)).toMatchObject({ state: "error" });
    expect((await stand.check(job)).output.title).toBe("The pipeline failed");
  });

  test("must be one", async () => {
    const { tools } = await testTools(stand.config, () => undefined);
    await expect(runGiven(tools, "{}", new AbortController().signal)).rejects.toThrow("version: 1");
  });
});

describe("a pipeline that fails", () => {
  const broken = () => ({ ...stand.pipeline.settings, builderImage: "hypriotos-test/no-such-image:1" });

  test("tries again, and what works then is a success", async () => {
    const job = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "again" }));
    expect(await stand.work({ settings: broken() })).toBeUndefined();
    expect(await stand.check(job)).toMatchObject({ status: "queued" });
    expect(await stand.work()).toBe("success");
  });

  test("does not know the build: dispatch writes its record before it sends the job", async () => {
    const job = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "unknown" }));
    await stand.forget(job);
    for (let time = 0; time < 3; time++) await stand.work();
    const [letter] = await stand.deadLetters();
    expect(letter?.reason).toContain("found nothing in the table, expected attempt 1 in state queued");
    expect((await stand.check(job)).output.title).toBe("The pipeline failed");
    expect(await stand.objects(job)).toEqual([]);
  });

  test("says after the last time that it is not the commit's fault", async () => {
    const job = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "never" }));
    for (let time = 0; time < 3; time++) await stand.work({ settings: broken() });
    expect(await stand.record(job)).toMatchObject({ state: "error" });
    const { conclusion, output } = await stand.check(job);
    expect([conclusion, output.title]).toEqual(["failure", "The pipeline failed"]);
    expect(output.summary).toContain("Nothing is known to be wrong with the commit");
    const [letter] = await stand.deadLetters();
    expect(letter?.body).toBe(JSON.stringify(job));
    expect(letter?.reason).toContain("No such image");
    // A re-run is another attempt.
    await stand.submit(job.commit, { attempt: 2 });
    expect(await stand.work()).toBe("success");
    expect(buildKey(job)).toBe(`builds/image-builder-test/${job.commit}`);
  });
});
