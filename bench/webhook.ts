/**
 * From a push to its check run, and no delivery lost or doubled, on the local cloud with the whole pipeline up. 100
 * pushes one after the other: how long dispatch takes to answer (by then the check run is queued and the job sent),
 * and how long it takes from the end of `git push` to the check run. Then 100 deliveries in 10 s, every tenth sent
 * twice: 100 jobs. Runners are stopped, so that jobs stay in their queue and can be counted.
 */

import { createHmac, randomUUID } from "node:crypto";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import Docker from "dockerode";
import { BuildJob } from "../contracts/build-job.ts";
import { BUILD_CHECK } from "../contracts/checks.ts";
import { Clone } from "../tests/support/clone.ts";
import { TestStack } from "../tests/support/test-stack.ts";
import { milliseconds, percentile } from "./lib/measure.ts";

const COUNT = Number(process.env.BENCH_DELIVERIES ?? 100);
const WINDOW_MS = 10_000;
const OWNER = "hypriot";
const REPOSITORY = "image-builder-rpi";
const at = { owner: OWNER, repo: REPOSITORY };

const stack = await TestStack.create("bench-webhook");
try {
  await stack.run("up");
  const outputs = await stack.outputs();
  for (const name of Object.values(Object(outputs.runners))) {
    await new Docker().getContainer(String(name)).stop();
  }
  const { github } = stack;
  const sqs = new SQSClient(stack.aws);
  const QueueUrl = String(Object(outputs.queues).arm64);

  /** Takes everything that is in the queue. */
  const takeJobs = async (): Promise<BuildJob[]> => {
    const jobs: BuildJob[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return jobs;
      for (const { Body = "", ReceiptHandle } of Messages) {
        jobs.push(BuildJob.parse(JSON.parse(Body)));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };

  const clone = await Clone.of(stack, REPOSITORY);

  const seen: number[] = [];
  for (let number = 1; number <= COUNT; number += 1) {
    const ref = await clone.commit(`Push ${number}`, {});
    await clone.push(`bench-${number}`);
    const pushed = performance.now();
    for (;;) {
      const { data } = await github.rest.checks.listForRef({ ...at, ref, check_name: BUILD_CHECK });
      if (data.total_count > 0) break;
    }
    seen.push(performance.now() - pushed);
  }
  const [hook] = (await github.rest.repos.listWebhooks(at)).data;
  const hook_id = hook?.id ?? 0;
  const pushes = async () =>
    (
      await github.paginate("GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries", {
        ...at,
        hook_id,
        per_page: 100,
      })
    ).filter(({ event }) => event === "push");
  let delivered = await pushes();
  // A delivery is listed when it was answered.
  while (delivered.length < COUNT) delivered = await pushes();
  const answered = delivered.map(({ duration }) => duration * 1000);
  const report = (what: string, values: readonly number[]) =>
    console.log(
      `${what.padEnd(42)} p50 ${milliseconds(percentile(values, 0.5))}  p95 ${milliseconds(percentile(values, 0.95))}`,
    );
  console.log(`${COUNT} pushes, one after the other; jobs sent: ${(await takeJobs()).length}`);
  report("webhook sent to answered: queued, job sent", answered);
  report("git push ended to check run seen", seen);

  // Commits that GitHub has and dispatch does not: the hook is off while they are pushed.
  await github.rest.repos.updateWebhook({ ...at, hook_id, active: false });
  const commits: string[] = [];
  for (let number = 1; number <= COUNT; number += 1) {
    commits.push(await clone.commit(`Burst ${number}`, {}));
    await clone.git("branch", `burst-${number}`);
  }
  await clone.git("push", "--quiet", "origin", "refs/heads/burst-*:refs/heads/burst-*");
  const { SecretString = "{}" } = await new SecretsManagerClient(stack.aws).send(
    new GetSecretValueCommand({ SecretId: `${OWNER}-${stack.name}-webhook-secrets` }),
  );
  const secret = String(JSON.parse(SecretString)[REPOSITORY]);
  const deliver = async (body: string, id: string) => {
    const started = performance.now();
    const response = await fetch(String(outputs.webhookUrl), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": id,
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      },
      body,
    });
    const { problems } = JSON.parse(await response.text());
    return { answer: `${response.status} ${problems ?? ""}`, took: performance.now() - started };
  };
  const sending = commits.map(async (after, index) => {
    await new Promise((resolve) => setTimeout(resolve, (index * WINDOW_MS) / COUNT));
    const body = JSON.stringify({
      ref: `refs/heads/burst-${index + 1}`,
      before: "0".repeat(40),
      after,
      deleted: false,
      head_commit: { id: after },
      repository: {
        name: REPOSITORY,
        full_name: `${OWNER}/${REPOSITORY}`,
        pushed_at: Math.floor(Date.now() / 1000),
      },
    });
    const id = randomUUID();
    return Promise.all(index % 10 === 9 ? [deliver(body, id), deliver(body, id)] : [deliver(body, id)]);
  });
  const answers = (await Promise.all(sending)).flat();
  const jobs = await takeJobs();
  const built = new Set(jobs.map(({ commit: built }) => built));
  const kinds = [...new Set(answers.map(({ answer }) => answer))].sort();
  console.log(
    `${COUNT} deliveries in ${WINDOW_MS / 1000} s, every tenth sent twice: ${answers.length} sent, jobs: ${jobs.length}, commits: ${built.size}`,
  );
  console.log(
    `answers: ${kinds.map((kind) => `${answers.filter(({ answer }) => answer === kind).length} × ${kind}`).join(", ")}`,
  );
  report(
    "sent to answered, in the burst",
    answers.map(({ took }) => took),
  );
  if (jobs.length !== COUNT || built.size !== COUNT) throw new Error(`expected ${COUNT} jobs, one a commit`);
} finally {
  await stack.remove();
}
