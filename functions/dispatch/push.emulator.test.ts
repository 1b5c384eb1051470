import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Git } from "../../local/github/tests/harness.ts";
import { route } from "./route.ts";
import { context, request, Stand } from "./testing/stand.ts";

let stand: Stand;
let git: Git;

beforeAll(async () => {
  stand = await Stand.start();
  await stand.repository("board");
  git = await stand.github.clone("hypriot/board");
});
afterAll(() => stand.stop());

async function commit(): Promise<string> {
  writeFileSync(join(git.folder, "packages.txt"), `${Math.random()}\n`);
  await git("add", ".");
  await git("commit", "--quiet", "-m", "Change");
  return git("rev-parse", "HEAD");
}

/** Pushes, and gives dispatch's answer to the delivery of it. */
async function push(...refs: string[]) {
  const from = stand.answers.length;
  await git("push", "--quiet", "--force", "origin", ...refs);
  return stand.answered((event) => event === "push", from);
}

describe("a push to a branch", () => {
  it("makes one queued check run, one record and one job; the same commit on another branch makes none", async () => {
    const sha = await commit();
    const { status, body } = await push("HEAD:topic");
    const id = `builds/board/${sha}`;
    expect(status).toBe(202);
    expect(body.done).toEqual([
      { did: "lead", build: id },
      { did: "queue", build: id, attempt: 1 },
    ]);
    const [run, ...more] = await stand.checkRuns("board", sha);
    expect(more).toEqual([]);
    expect(run).toMatchObject({
      name: "hypriotos/build",
      status: "queued",
      external_id: `${id}#1`,
      app: { id: 1001 },
    });
    expect(await stand.jobs()).toEqual([
      {
        version: 1,
        repository: "hypriot/board",
        kind: "image",
        commit: sha,
        trigger: { type: "push", branch: "topic" },
        trusted: true,
        bootTest: false,
        architectures: ["arm64"],
        attempt: 1,
        checkRun: run?.id,
      },
    ]);
    expect(await stand.record(id)).toMatchObject({ state: "queued", attempt: 1, checkRun: run?.id });
    expect(await stand.item("latest/board/branch/topic")).toMatchObject({ build: id });
    const again = await push("HEAD:other");
    expect(again.body.done).toEqual([
      { did: "lead", build: id },
      { did: "nothing", because: "the commit has a build: queued" },
    ]);
    expect(await stand.jobs()).toEqual([]);
  });

  it("supersedes what the branch had, a force push too; a deleted branch is ignored", async () => {
    await commit();
    await push("HEAD:moving");
    await git("commit", "--quiet", "--amend", "-m", "Other");
    const sha = await git("rev-parse", "HEAD");
    await push("HEAD:moving");
    expect(await stand.item("latest/board/branch/moving")).toMatchObject({ build: `builds/board/${sha}` });
    expect(await stand.jobs()).toHaveLength(2);
    const { body } = await push(":moving");
    expect(body.done).toEqual([{ did: "nothing", because: "a branch was deleted" }]);
  });

  it("is built once, however often it is delivered, and a redelivered old push supersedes nothing", async () => {
    const first = await commit();
    await push("HEAD:line");
    const second = await commit();
    await push("HEAD:line");
    await stand.jobs();
    const at = { owner: "hypriot", repo: "board" };
    const [hook] = (await stand.octokit.rest.repos.listWebhooks(at)).data;
    const { data } = await stand.octokit.rest.repos.listWebhookDeliveries({ ...at, hook_id: hook?.id ?? 0 });
    const old = data.filter(({ event }) => event === "push")[1];
    const from = stand.answers.length;
    await stand.octokit.rest.repos.redeliverWebhookDelivery({
      ...at,
      hook_id: hook?.id ?? 0,
      delivery_id: old?.id ?? 0,
    });
    const { status, body } = await stand.answered((event) => event === "push", from);
    expect(status).toBe(200);
    expect(body.duplicate).toBe(old?.guid);
    expect(await stand.jobs()).toEqual([]);
    // Nor does one that was never seen before.
    const { request: sent } = (
      await stand.octokit.rest.repos.getWebhookDelivery({
        ...at,
        hook_id: hook?.id ?? 0,
        delivery_id: old?.id ?? 0,
      })
    ).data;
    expect((await route(stand.parts, request("push", sent.payload), context())).statusCode).toBe(202);
    expect(await stand.item("latest/board/branch/line")).toMatchObject({ build: `builds/board/${second}` });
    expect(await stand.checkRuns("board", first)).toHaveLength(1);
    expect(await stand.jobs()).toEqual([]);
  });

  it("builds a commit again that was cancelled on another branch, for the branch that has it now", async () => {
    const sha = await commit();
    await push("HEAD:left-behind");
    await stand.jobs();
    const id = `builds/board/${sha}`;
    await stand.finish(id, "cancelled");
    expect((await push("HEAD:taken-up")).body.done).toEqual([
      { did: "lead", build: id },
      { did: "queue", build: id, attempt: 2 },
    ]);
    const trigger = { type: "push", branch: "taken-up" };
    expect(await stand.jobs()).toMatchObject([{ commit: sha, attempt: 2, trigger }]);
    expect(await stand.record(id)).toMatchObject({ state: "queued", attempt: 2, trigger });
    expect((await stand.checkRuns("board", sha)).map(({ external_id }) => external_id)).toEqual([
      `${id}#1`,
      `${id}#2`,
    ]);
  });
});
