import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../tests/support/tag-build.ts";
import type { Expected, Fault } from "./testing/faulty-github.ts";
import { Stand } from "./testing/stand.ts";

let stand: Stand;
let count = 0;

beforeAll(async () => {
  stand = await Stand.start();
});
afterEach(() => {
  stand.proxy.digests = true;
});
afterAll(() => stand.stop());

const FILES = { one: "the first", two: "x".repeat(300_000), three: "the third" };
const PUBLISHED = {
  ...FILES,
  SHA256SUMS: Object.entries(FILES)
    .map(([name, content]) => `${sha256(content)}  ${name}\n`)
    .join(""),
};

/** A repository with a tag v1.0.0 and its build. */
async function tagged() {
  count += 1;
  const repo = `faulty-${count}`;
  const commit = await stand.repository(repo);
  return { repo, commit, key: await stand.tagged(repo, "v1.0.0", FILES) };
}

function requests(repo: string, pattern: RegExp): string[] {
  return stand.proxy.requests.filter((request) => request.includes(`/${repo}/`) && pattern.test(request));
}

const UPLOAD = { method: "POST", path: /\/assets\?name=two/ };
const uploads = (repo: string) => requests(repo, /^POST .*\/assets/).length;
const deletions = (repo: string) => requests(repo, /^DELETE .*\/assets\//).length;

async function expectPublished(repo: string): Promise<void> {
  expect(await stand.download(repo, "v1.0.0")).toEqual(PUBLISHED);
  expect(await stand.announced(repo, "v1.0.0")).toMatchObject({ tag: "v1.0.0" });
  expect(await stand.releases(repo, "v1.0.0")).toHaveLength(1);
  expect(await stand.record(repo, "v1.0.0")).toMatchObject({ state: "published" });
  expect(stand.proxy.left).toBe(0);
}

describe("an upload", () => {
  it.each<[string, Fault, number, number]>([
    ["that is answered with 502 is tried again", { kind: "refuse", status: 502 }, 7, 0],
    ["that is answered with 422 is tried again", { kind: "refuse", status: 422 }, 7, 0],
    [
      "that is too much at once waits",
      { kind: "refuse", status: 403, headers: { "retry-after": "1" } },
      7,
      0,
    ],
    ["that breaks off leaves a wreck, which is deleted", { kind: "break" }, 7, 1],
    ["that nobody reads is ended and tried again", { kind: "hang" }, 7, 0],
    ["that arrived and was answered with 502 is kept", { kind: "lose", status: 502 }, 6, 0],
    ["that arrived and was never answered is kept", { kind: "silent" }, 6, 0],
  ])("%s", async (_, fault, uploaded, deleted) => {
    const { repo, commit, key } = await tagged();
    stand.proxy.expect({ ...UPLOAD, fault });
    await stand.publish(key);
    await expectPublished(repo);
    expect([uploads(repo), deletions(repo)]).toEqual([uploaded, deleted]);
    expect(await stand.checkRuns(repo, commit)).toMatchObject([{ conclusion: "success" }]);
  });

  it("that arrived unheard is made again where GitHub tells no digests, since nobody knows what it is", async () => {
    const { repo, key } = await tagged();
    stand.proxy.digests = false;
    stand.proxy.expect({ ...UPLOAD, fault: { kind: "lose", status: 502 } });
    await stand.publish(key);
    await expectPublished(repo);
    expect([uploads(repo), deletions(repo)]).toEqual([7, 1]);
  });
});

describe("an answer that is lost", () => {
  it.each<[string, Omit<Expected, "fault">]>([
    ["to the draft: it is taken up", { method: "POST", path: /\/releases$/ }],
    ["to the publication: it is seen", { method: "PATCH", path: /\/releases\/\d+$/ }],
    ["to a list", { method: "GET", path: /\/releases\?/ }],
    ["about the tag", { method: "GET", path: /\/git\/ref\/tags/ }],
  ])("%s", async (_, expected) => {
    const { repo, key } = await tagged();
    stand.proxy.expect({ ...expected, fault: { kind: "lose", status: 500 } });
    await stand.publish(key);
    await expectPublished(repo);
    expect(uploads(repo)).toBe(6);
  });

  it("to the check run: the event's retry finds it", async () => {
    const { repo, commit, key } = await tagged();
    stand.proxy.expect({ method: "POST", path: /\/check-runs$/, fault: { kind: "lose", status: 500 } });
    await expect(stand.publish(key)).rejects.toThrow("a fault: 500");
    await stand.publish(key);
    await expectPublished(repo);
    expect(await stand.checkRuns(repo, commit)).toMatchObject([{ conclusion: "success" }]);
  });
});

it("gives up what keeps failing, says so on the commit, and goes on from there when the event comes again", async () => {
  const { repo, commit, key } = await tagged();
  const fault = { kind: "refuse", status: 503 } as const;
  stand.proxy.expect(...Array.from({ length: 4 }, () => ({ ...UPLOAD, fault })));
  await expect(stand.publish(key)).rejects.toThrow("a fault: 503");
  expect(await stand.record(repo, "v1.0.0")).toMatchObject({ state: "failed", attempt: 2 });
  await stand.publish(key);
  await expectPublished(repo);
  const at = (name: string) => requests(repo, new RegExp(`^POST .*name=${name}\\b`)).length;
  expect([at("one"), at("two"), at("three")]).toEqual([1, 5, 1]);
  const checks = await stand.checkRuns(repo, commit);
  expect(checks).toMatchObject([
    { conclusion: "failure", output: { title: "v1.0.0 is not released yet" } },
    { conclusion: "success" },
  ]);
  expect(checks[0]?.output.summary).toContain("upload of two");
});

it("ends in time when an upload takes too long, and goes on when the event comes again", async () => {
  const { repo, commit, key } = await tagged();
  stand.proxy.expect({ ...UPLOAD, fault: { kind: "hang" } });
  const patience = { idleMs: 60_000, failures: 4, firstPauseMs: 1 };
  await expect(stand.publish(key, { patience }, 23_000)).rejects.toThrow("not finished within");
  expect(await stand.checkRuns(repo, commit)).toMatchObject([{ conclusion: "failure" }]);
  await stand.publish(key);
  await expectPublished(repo);
  expect(uploads(repo)).toBe(7);
});

it("does not work on when another has taken the release over", async () => {
  const { repo, key } = await tagged();
  const takeOver = async () => {
    const record = await stand.record(repo, "v1.0.0");
    await stand.putRecord({ ...record, leaseOwner: "another", leaseUntil: Date.now() + 500 });
  };
  stand.proxy.expect({ ...UPLOAD, before: takeOver, fault: { kind: "hang" } });
  const patience = { idleMs: 60_000, failures: 4, firstPauseMs: 1 };
  await expect(stand.publish(key, { patience })).rejects.toThrow("another invocation has taken it over");
  expect(await stand.releases(repo, "v1.0.0")).toMatchObject([{ draft: true }]);
  // The other died: its lease ends by itself.
  await stand.publish(key);
  await expectPublished(repo);
});

describe("killed when GitHub has done it and before it hears so", () => {
  it.each<[string, string, RegExp]>([
    ["the check run", "POST", /\/check-runs$/],
    ["the draft", "POST", /\/releases$/],
    ["the first upload", "POST", /\/assets\?name=one/],
    ["the last upload", "POST", /\/assets\?name=SHA256SUMS\.sig/],
    ["the publication", "PATCH", /\/releases\/\d+$/],
    ["the end of the check run", "PATCH", /\/check-runs\/\d+$/],
  ])("%s: the event's retry goes on", async (_, method, path) => {
    const { repo, commit, key } = await tagged();
    const program = join(import.meta.dirname, "testing", "dying-publisher.ts");
    const args = [JSON.stringify(stand.settings), JSON.stringify(stand.client), key];
    const child = spawn(process.execPath, ["--import", "tsx", program, ...args], { stdio: "ignore" });
    const ended = once(child, "exit");
    stand.proxy.expect({
      method,
      path,
      fault: { kind: "silent" },
      after: () => child.kill("SIGKILL"),
    });
    expect(await ended).toEqual([null, "SIGKILL"]);
    await stand.publish(key);
    await expectPublished(repo);
    expect(uploads(repo)).toBe(6);
    expect(await stand.checkRuns(repo, commit)).toMatchObject([
      { status: "completed", conclusion: "success", external_id: `publish/${repo}/v1.0.0#1` },
    ]);
  });
});
