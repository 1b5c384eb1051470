import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { GithubApp } from "../../clients/github-app.ts";
import { BUILD_CHECK, TAG_CHECK } from "../../contracts/checks.ts";
import type { Git } from "../../local/github/tests/harness.ts";
import { route } from "./route.ts";
import { pushPayload } from "./testing/payloads.ts";
import { context, type Parts, request, Stand } from "./testing/stand.ts";

const at = { owner: "hypriot", repo: "tagged" };

let stand: Stand;
let git: Git;
let parts: Parts;

beforeAll(async () => {
  stand = await Stand.start();
  parts = stand.parts;
  await stand.repository("tagged");
  git = await stand.github.clone("hypriot/tagged");
});
afterEach(() => {
  stand.parts = parts;
});
afterAll(() => stand.stop());

async function commit(): Promise<string> {
  writeFileSync(join(git.folder, "rootfs.json"), `${Math.random()}\n`);
  await git("add", ".");
  await git("commit", "--quiet", "-m", "Change");
  return git("rev-parse", "HEAD");
}

async function push(...refs: string[]) {
  const from = stand.answers.length;
  await git("push", "--quiet", "--force", "origin", ...refs);
  return stand.answered((event) => event === "push", from);
}

/** Delivers the last push again, as GitHub does when somebody asks for it. */
async function redeliver() {
  const [hook] = (await stand.octokit.rest.repos.listWebhooks(at)).data;
  const hook_id = hook?.id ?? 0;
  const { data } = await stand.octokit.rest.repos.listWebhookDeliveries({ ...at, hook_id });
  const [last] = data.filter(({ event }) => event === "push");
  const from = stand.answers.length;
  await stand.octokit.rest.repos.redeliverWebhookDelivery({ ...at, hook_id, delivery_id: last?.id ?? 0 });
  return stand.answered((event) => event === "push", from);
}

describe("a release tag", () => {
  it("is built as a release, on the commit that an annotated tag names", async () => {
    const sha = await commit();
    await push("HEAD:main");
    await stand.jobs();
    await git("tag", "-a", "v1.0.0", "-m", "One");
    const { body } = await push("v1.0.0");
    expect(body.done).toEqual([{ did: "queue", build: "releases/tagged/v1.0.0", attempt: 1 }]);
    expect(await stand.jobs()).toMatchObject([
      { commit: sha, trigger: { type: "tag", tag: "v1.0.0" }, architectures: ["arm64", "armhf"] },
    ]);
  });

  it("that is moved, or deleted and made again elsewhere, is refused on the commit and builds nothing", async () => {
    const sha = await commit();
    await git("tag", "-a", "--force", "v1.0.0", "-m", "Moved");
    const { body } = await push("v1.0.0");
    expect(body.done).toMatchObject([{ did: "refuse" }]);
    const [run, ...more] = await stand.checkRuns("tagged", sha, TAG_CHECK);
    expect(more).toEqual([]);
    expect(run).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(run?.output.summary).toMatch(/A release is never rewritten.*Make a new tag/);
    expect((await push(":v1.0.0")).body.done).toEqual([
      { did: "nothing", because: "the release tag v1.0.0 was deleted" },
    ]);
    expect((await push("v1.0.0")).body.done).toMatchObject([{ did: "refuse" }]);
    expect(await stand.checkRuns("tagged", sha, TAG_CHECK)).toHaveLength(1);
    expect(await stand.checkRuns("tagged", sha)).toEqual([]);
    expect(await stand.jobs()).toEqual([]);
  });

  it("is told from other tags", async () => {
    await git("tag", "nightly");
    expect((await push("nightly")).body.done).toEqual([{ did: "nothing", because: "no release tag" }]);
  });
});

describe("a crash", () => {
  it("before the job was sent loses no job and makes no second check run", async () => {
    const sha = await commit();
    let failures = 1;
    const { sqs } = stand.parts.receiver;
    sqs.middlewareStack.add(
      (next) => (args) => {
        failures -= 1;
        if (failures >= 0) throw Object.assign(new Error("reset"), { name: "Reset", code: "ECONNRESET" });
        return next(args);
      },
      { step: "initialize", name: "fail-once" },
    );
    const failed = await push("HEAD:crash");
    sqs.middlewareStack.remove("fail-once");
    expect(failed).toEqual({ status: 503, body: { problems: ["AWS: Reset: deliver this again"] } });
    expect(await stand.checkRuns("tagged", sha)).toHaveLength(1);
    expect(await stand.jobs()).toEqual([]);

    const { status, body } = await redeliver();
    expect(status).toBe(202);
    expect(body.done).toMatchObject([{ did: "lead" }, { did: "queue", attempt: 1 }]);
    const [run, ...more] = await stand.checkRuns("tagged", sha);
    expect(more).toEqual([]);
    expect(await stand.jobs()).toMatchObject([{ commit: sha, checkRun: run?.id, attempt: 1 }]);
    expect(await redeliver()).toMatchObject({ status: 200 });
    expect(await stand.jobs()).toEqual([]);
  });

  it("after the record was made and before the check run loses neither", async () => {
    const sha = await commit();
    const { settings, receiver } = { settings: stand.settings, receiver: parts.receiver };
    const down = new GithubApp({
      access: { ...settings.github, apiUrl: "http://127.0.0.1:1" },
      organization: "hypriot",
      privateKey: async () => Promise.reject(Object.assign(new Error("gone"), { code: "ECONNREFUSED" })),
    });
    stand.parts = { ...parts, receiver: { ...receiver, github: down } };
    expect((await push("HEAD:crash")).status).toBe(503);
    stand.parts = parts;
    expect(await stand.record(`builds/tagged/${sha}`)).toMatchObject({ state: "queued" });
    expect((await redeliver()).status).toBe(202);
    const [run, ...more] = await stand.checkRuns("tagged", sha);
    expect(more).toEqual([]);
    expect(await stand.jobs()).toMatchObject([{ commit: sha, checkRun: run?.id }]);
  });

  it("of GitHub, or a GitHub that does not answer, ends in 503 in time", async () => {
    await commit();
    const { settings } = stand;
    for (const [apiUrl, because] of [
      ["http://127.0.0.1:1", "GitHub: no answer"],
      // It takes the connection and is silent.
      [`http://127.0.0.1:${stand.silentPort}`, "GitHub: no answer"],
    ]) {
      const github = new GithubApp({
        access: { ...settings.github, apiUrl: apiUrl ?? "" },
        organization: "hypriot",
        privateKey: () => stand.appKey(),
        timeoutMs: 300,
      });
      stand.parts = { ...parts, receiver: { ...parts.receiver, github } };
      const started = performance.now();
      const { status, body } = await push("HEAD:slow", "--force");
      expect([status, body]).toEqual([503, { problems: [`${because}: deliver this again`] }]);
      expect(performance.now() - started).toBeLessThan(5_000);
      stand.parts = parts;
      expect((await redeliver()).status).toBe(202);
      expect(await stand.jobs()).toHaveLength(1);
      await commit();
    }
  });
});

describe("a delivery that comes again while it is worked on", () => {
  it("is told to come later; after the function's time was up it is done", async () => {
    const sha = await commit();
    // No release tag: GitHub has the commit, and dispatch has no build of it.
    await push("HEAD:refs/tags/held");
    const payload = pushPayload("refs/heads/held", sha);
    const github = new GithubApp({
      access: { ...stand.settings.github, apiUrl: `http://127.0.0.1:${stand.silentPort}` },
      organization: "hypriot",
      privateKey: () => stand.appKey(),
      timeoutMs: 1_500,
    });
    const id = "held-delivery";
    const held = { ...parts, receiver: { ...parts.receiver, github } };
    const slow = route(held, request("push", payload, { id }), context(600));
    await stand.until(async () => (await stand.item(`builds/tagged/${sha}`)) !== undefined);
    expect(await stand.deliver("push", payload, { id })).toEqual({
      status: 503,
      body: { problems: ["this delivery is being worked on"] },
    });
    // The first is still held when its time is up.
    await stand.until(async () => (await stand.deliver("push", payload, { id })).status === 202);
    expect((await slow).statusCode).toBe(503);
    // What the first forgets at its end is done already: the build has its record.
    expect((await stand.deliver("push", payload, { id })).body.done).toMatchObject([
      { did: "lead" },
      { did: "nothing", because: "the commit has a build: queued" },
    ]);
    expect(await stand.checkRuns("tagged", sha)).toHaveLength(1);
    expect(await stand.jobs()).toHaveLength(1);
  });
});

describe("Re-run", () => {
  it("builds again, as the next attempt with a check run of its own, once it has ended", async () => {
    const sha = await commit();
    await push("HEAD:again");
    await stand.jobs();
    const id = `builds/tagged/${sha}`;
    const [first] = await stand.checkRuns("tagged", sha);
    const rerequest = async () => {
      const from = stand.answers.length;
      await stand.octokit.rest.checks.rerequestRun({ ...at, check_run_id: first?.id ?? 0 });
      return stand.answered((event, { done }) => event === "check_run" && done !== undefined, from);
    };
    expect((await rerequest()).body.done).toEqual([
      { did: "nothing", because: `${id} has not ended: queued` },
    ]);
    await stand.finish(id, "failure");
    expect((await rerequest()).body.done).toEqual([{ did: "queue", build: id, attempt: 2 }]);
    const [, second, ...more] = await stand.checkRuns("tagged", sha);
    expect(more).toEqual([]);
    expect(second).toMatchObject({ status: "queued", external_id: `${id}#2`, name: BUILD_CHECK });
    expect(await stand.jobs()).toMatchObject([{ commit: sha, attempt: 2, checkRun: second?.id }]);
    expect(await stand.record(id)).toMatchObject({ state: "queued", attempt: 2, checkRun: second?.id });
  });

  it("of all checks of a commit builds all of its builds again", async () => {
    const sha = await commit();
    await push("HEAD:suite");
    await git("tag", "v2.0.0");
    await push("v2.0.0");
    await stand.jobs();
    await stand.finish(`builds/tagged/${sha}`, "error");
    await stand.finish("releases/tagged/v2.0.0", "failure");
    const [run] = await stand.checkRuns("tagged", sha);
    const { data } = await stand.octokit.rest.checks.get({ ...at, check_run_id: run?.id ?? 0 });
    const from = stand.answers.length;
    const check_suite_id = data.check_suite?.id ?? 0;
    await stand.octokit.rest.checks.rerequestSuite({ ...at, check_suite_id });
    const { body } = await stand.answered((event) => event === "check_suite", from);
    expect(body.done).toHaveLength(2);
    expect((await stand.jobs()).map(({ trigger, attempt }) => [trigger.type, attempt]).sort()).toEqual([
      ["push", 2],
      ["tag", 2],
    ]);
  });
});

it("two deliveries of one commit at the same time make one check run and one job", async () => {
  const sha = await commit();
  await git("branch", "--force", "left");
  await git("branch", "--force", "right");
  const from = stand.answers.length;
  await git("push", "--quiet", "origin", "left", "right");
  const did = (name: string) =>
    stand.answered(
      (event, body) => event === "push" && JSON.stringify(body.done ?? "").includes(`"did":"${name}"`),
      from,
    );
  expect((await did("queue")).status).toBe(202);
  expect((await did("nothing")).status).toBe(202);
  expect(await stand.checkRuns("tagged", sha)).toHaveLength(1);
  expect(await stand.jobs()).toHaveLength(1);
});
