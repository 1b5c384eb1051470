import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BuildRecord } from "../../contracts/build-record.ts";
import { LAST_RUN_ID } from "../../contracts/reconcile-memory.ts";
import type { ReleaseRecord } from "../../contracts/release-record.ts";
import { until } from "../../tests/support/until.ts";
import { LONG_AGO, Stand } from "./testing/stand.ts";

let stand: Stand;
let count = 0;

beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand.stop());
beforeEach(async () => {
  await stand.take("arm64");
  await stand.take("arm64-dead");
});

async function repository(options?: { hook: boolean }) {
  count += 1;
  const repo = `board-${count}`;
  return { repo, commit: await stand.repository(repo, options) };
}

describe("webhooks", () => {
  const listed = async (repo: string) => {
    const at = { owner: "hypriot", repo };
    const [hook] = (await stand.octokit.rest.repos.listWebhooks(at)).data;
    const { data } = await stand.octokit.request("GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries", {
      ...at,
      hook_id: hook?.id ?? 0,
    });
    return data.filter(({ event }) => event === "push");
  };

  it("are delivered again until they are taken, and then left alone", async () => {
    const { repo, commit } = await repository({ hook: true });
    stand.answer = 503;
    await stand.branch(repo, "one", commit);
    const [first] = await until("it failed", async () => {
      const found = await listed(repo);
      return found.length === 1 && found;
    });
    stand.answer = 202;
    expect(await stand.reconcile([repo])).toMatchObject({ done: { redeliver: 1 }, failed: 0 });
    await until("it was taken", async () =>
      (await listed(repo)).some(({ status_code }) => status_code === 202),
    );
    expect((await listed(repo)).map(({ guid, redelivery }) => [guid, redelivery])).toEqual([
      [first?.guid, true],
      [first?.guid, false],
    ]);
    expect(await stand.reconcile([repo])).toMatchObject({ done: {}, failed: 0 });
  });

  it("of a repository that cannot be looked at keep nobody else's from being delivered", async () => {
    const { repo, commit } = await repository({ hook: true });
    stand.answer = 500;
    await stand.branch(repo, "one", commit);
    await until("it failed", async () => (await listed(repo)).length === 1);
    stand.answer = 202;
    expect(await stand.reconcile(["gone", repo])).toMatchObject({ done: { redeliver: 1 }, failed: 1 });
  });
});

describe("builds", () => {
  it("that nobody has are ended, once, and say how to go on", async () => {
    const { repo, commit } = await repository();
    const { id } = await stand.build(repo, commit);
    const runs = await Promise.all([stand.reconcile(), stand.reconcile()]);
    expect(runs.map(({ done }) => done.end ?? 0).sort()).toEqual([0, 1]);
    expect(await stand.checkRuns(repo, commit)).toMatchObject([
      { status: "completed", conclusion: "failure", summary: expect.stringContaining("Re-run") },
    ]);
    expect(await stand.item("builds", id)).toMatchObject({ state: "error", toldAt: expect.any(String) });
    expect(await stand.reconcile()).toMatchObject({ done: {}, stuck: 0 });
  });

  it("whose job waits or is dead are told apart, and no dead letter is taken", async () => {
    const { repo, commit } = await repository();
    const waiting = await stand.build(repo, commit);
    const dead = await stand.build(repo, commit, { id: `builds/${repo}/${"b".repeat(40)}` });
    await stand.send("arm64", waiting);
    await stand.send("arm64-dead", { ...dead, commit: "b".repeat(40) });
    expect(await stand.reconcile()).toMatchObject({ done: { end: 1 }, stuck: 2 });
    expect(await stand.item("builds", waiting.id)).toMatchObject({ state: "running" });
    expect(await stand.item("builds", dead.id)).toMatchObject({ state: "error" });
    const { Attributes } = await new SQSClient(stand.client).send(
      new GetQueueAttributesCommand({
        QueueUrl: stand.settings.queues.arm64?.deadLetterUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    expect(Object.values(Attributes ?? {}).sort()).toEqual(["0", "1"]);
    await stand.jobs();
    expect(await stand.reconcile()).toMatchObject({ done: { end: 1 } });
  });

  it.each(["success", "failure"] as const)("end as their manifest says: %s", async (result) => {
    const { repo, commit } = await repository();
    const record = await stand.build(repo, commit);
    await stand.manifest(record, result);
    expect(await stand.reconcile()).toMatchObject({ done: { end: 1 } });
    expect(await stand.item("builds", record.id)).toMatchObject({ state: result });
    expect(await stand.checkRuns(repo, commit)).toMatchObject([{ status: "completed", conclusion: result }]);
  });

  it("that ended unheard are told of", async () => {
    const { repo, commit } = await repository();
    const { id } = await stand.build(repo, commit, { state: "cancelled", reason: "a newer commit" });
    expect(await stand.reconcile()).toMatchObject({ done: { tell: 1 } });
    expect(await stand.checkRuns(repo, commit)).toMatchObject([
      { status: "completed", conclusion: "cancelled", summary: expect.stringContaining("a newer commit") },
    ]);
    expect(await stand.item("builds", id)).toMatchObject({ state: "cancelled", toldAt: expect.any(String) });
  });

  it("whose job was never sent get their check run and their job", async () => {
    const { repo, commit } = await repository();
    const made = await stand.build(repo, commit);
    const { sentAt: _, checkRun: __, ...half } = made;
    const record: BuildRecord = { ...half, state: "queued", delivery: "x" };
    await stand.putItem("builds", record);
    expect(await stand.reconcile()).toMatchObject({ done: { resume: 1 } });
    expect(await stand.jobs()).toMatchObject([{ commit, attempt: 1, checkRun: made.checkRun }]);
    expect(await stand.item("builds", record.id)).toMatchObject({
      state: "queued",
      checkRun: made.checkRun,
      sentAt: expect.any(String),
    });
    expect(await stand.checkRuns(repo, commit)).toHaveLength(1);
    // It stands anew from now on.
    expect(await stand.reconcile()).toMatchObject({ done: {} });
    await stand.putItem("builds", { ...record, state: "error", toldAt: LONG_AGO });
  });
});

describe("releases", () => {
  it("that stand still or lost their event are published, once", async () => {
    const { repo, commit } = await repository();
    const release: ReleaseRecord = {
      release: `${repo}/v1.0.0`,
      repository: `hypriot/${repo}`,
      tag: "v1.0.0",
      commit,
      state: "publishing",
      attempt: 1,
      uploaded: {},
      leaseUntil: 5,
      updatedAt: LONG_AGO,
    };
    await stand.putItem("releases", release);
    const updatedAt = new Date(Date.now() - 3600_000).toISOString();
    await stand.build(repo, commit, {
      id: `releases/${repo}/v2.0.0-rc.1`,
      trigger: { type: "tag", tag: "v2.0.0-rc.1" },
      state: "success",
      updatedAt,
      toldAt: updatedAt,
    });
    const runs = await Promise.all([stand.reconcile(), stand.reconcile()]);
    expect(runs.reduce((sum, { done }) => sum + (done.publish ?? 0), 0)).toBe(2);
    expect(await stand.published(2)).toEqual([
      `releases/${repo}/v1.0.0/manifest.json`,
      `releases/${repo}/v2.0.0-rc.1/manifest.json`,
    ]);
    for (const tag of ["v1.0.0", "v2.0.0-rc.1"]) {
      expect(await stand.item("releases", `${repo}/${tag}`)).toMatchObject({ resumes: 1 });
    }
    expect(await stand.reconcile()).toMatchObject({ done: {}, unpublished: 0 });
  });
});

it("says what it did, also where a part of it fails", async () => {
  const { settings } = stand;
  const summary = await stand.reconcile([], { settings: { ...settings, releasesTable: "none" } });
  expect(summary).toMatchObject({ failed: 1, done: {} });
  expect(await stand.item("builds", LAST_RUN_ID)).toMatchObject({ summary });
});
