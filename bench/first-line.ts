/**
 * From a push to the first line of its build, on the local cloud with the whole pipeline up and its runner at work:
 * webhook, check run, queue, container, workspace, builder. Each build ends at once, because nothing is pinned. Budget:
 * p95 below 2 s. Counted from the start of `git push`, so that the push itself is in it.
 */

import Docker from "dockerode";
import { z } from "zod";
import { finished } from "../tests/support/builds.ts";
import { Clone } from "../tests/support/clone.ts";
import { TestStack } from "../tests/support/test-stack.ts";
import { milliseconds, percentile } from "./lib/measure.ts";

const COUNT = Number(process.env.BENCH_PUSHES ?? 100);
const REPOSITORY = "image-builder-rpi";

/** What the agent logs of a job. */
const Step = z.object({ time: z.string(), build: z.string(), step: z.string() });

function steps(output: string): z.infer<typeof Step>[] {
  return output.split("\n").flatMap((line) => {
    const start = line.indexOf("{");
    if (start < 0) return [];
    return Step.safeParse(JSON.parse(line.slice(start))).data ?? [];
  });
}

const stack = await TestStack.create("bench-first-line");
try {
  await stack.run("up");
  const [runner] = Object.values(Object((await stack.outputs()).runners)).map(String);
  if (runner === undefined) throw new Error("the stack has no runner");
  const clone = await Clone.of(stack, REPOSITORY);
  const pushes = new Map<string, number>();
  for (let number = 1; number <= COUNT; number += 1) {
    const commit = await clone.commit(`Push ${number}`, {});
    pushes.set(`builds/${REPOSITORY}/${commit}`, Date.now());
    await clone.push(`bench-${number}`);
    await finished(stack, REPOSITORY, commit, 60);
  }
  const output = await new Docker().getContainer(runner).logs({ stdout: true, stderr: true });
  const logged = steps(output.toString("utf8"));
  const until = (step: string) =>
    [...pushes].map(([build, pushed]) => {
      const found = logged.find((line) => line.build === build && line.step === step);
      if (found === undefined) throw new Error(`${build}: the runner logged no step "${step}"`);
      return Date.parse(found.time) - pushed;
    });
  console.log(`${COUNT} pushes, one after the other`);
  for (const step of ["record taken", "container created", "workspace sent", "first line"]) {
    const values = until(step);
    console.log(
      `git push started to ${step.padEnd(18)} p50 ${milliseconds(percentile(values, 0.5))}  p95 ${milliseconds(percentile(values, 0.95))}`,
    );
  }
} finally {
  await stack.remove();
}
