import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOOD_PLAY, RunnerStand } from "./testing/stand.ts";
import { QUICK } from "./testing/tools.ts";

let stand: RunnerStand;

beforeAll(async () => {
  stand = await RunnerStand.start();
});

afterAll(() => stand?.close());

/** The signal that ended the agent. */
async function dieAfter(step: string): Promise<NodeJS.Signals | null> {
  // What it leaves comes back at once.
  const config = { ...stand.config, times: { ...QUICK, visibilitySeconds: 2, keepMessage: 500 } };
  const agent = join(import.meta.dirname, "testing", "dying-agent.ts");
  const child = spawn(process.execPath, ["--import", "tsx", agent, JSON.stringify(config), step], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [, signal] = await once(child, "exit");
  return signal;
}

const STEPS = [
  "record taken",
  "check run in progress",
  "container created",
  "workspace sent",
  "container ended",
  "artifacts written",
  "log written",
  "manifest written",
  "record settled",
  "check run completed",
];

test.each(STEPS)("an agent that is killed after '%s' leaves a job that ends once", async (step) => {
  const job = await stand.submit(await stand.commit({ play: GOOD_PLAY, step }));
  expect(await dieAfter(step)).toBe("SIGKILL");
  expect(await stand.work()).toBe("success");
  expect(await stand.containers()).toEqual([]);
  expect(await stand.waiting()).toBe(0);
  expect(await stand.deadLetters()).toEqual([]);
  const versions = await stand.versions(job);
  expect(versions.filter((name) => name === "manifest.json")).toHaveLength(1);
  expect(await stand.record(job)).toMatchObject({ state: "success", toldAt: expect.any(String) });
  expect(await stand.check(job)).toMatchObject({ status: "completed", conclusion: "success" });
});
