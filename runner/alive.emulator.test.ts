import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../tests/support/until.ts";
import { GOOD_PLAY, RunnerStand } from "./testing/stand.ts";

let stand: RunnerStand;

beforeAll(async () => {
  stand = await RunnerStand.start();
});

afterAll(() => stand?.close());

/** Starts the work on a build that takes a few seconds, and resolves when it has begun. */
async function begun(play: string) {
  const job = await stand.submit(await stand.commit({ play: `sleep 3\n${play}` }));
  const steps: unknown[] = [];
  const end = stand.work({}, undefined, ({ step }) => steps.push(step));
  await until("the container runs", async () => steps.includes("workspace sent"), { every: 20 });
  return { job, end };
}

test("a runner renews its build's record while it works, and notes that the end is told", async () => {
  const { job, end } = await begun(GOOD_PLAY);
  const { updatedAt = "", toldAt } = await stand.record(job);
  expect(toldAt).toBeUndefined();
  await until("the record is renewed", async () => {
    const record = await stand.record(job);
    return record.state === "running" && (record.updatedAt ?? "") > updatedAt;
  });
  expect(await end).toBe("success");
  expect(await stand.record(job)).toMatchObject({ state: "success", toldAt: expect.any(String) });
});

test("a build that was given up too early ends as its manifest says", async () => {
  const { job, end } = await begun(GOOD_PLAY);
  await stand.giveUp(job);
  expect(await end).toBe("success");
  expect(await stand.record(job)).toMatchObject({ state: "success", toldAt: expect.any(String) });
  expect(await stand.check(job)).toMatchObject({ status: "completed", conclusion: "success" });
});
