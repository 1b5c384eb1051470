import { createHash } from "node:crypto";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildKey } from "../contracts/build-job.ts";
import { GOOD_PLAY, RunnerStand } from "./testing/stand.ts";

let stand: RunnerStand;

beforeAll(async () => {
  stand = await RunnerStand.start();
});

afterAll(() => stand?.close());

afterEach(async () => {
  expect(await stand.containers()).toEqual([]);
  expect(await stand.waiting()).toBe(0);
});

describe("a good commit", () => {
  test("is built, tested, kept and told of, once", async () => {
    const commit = await stand.commit({ play: GOOD_PLAY });
    const job = await stand.submit(commit);
    expect(await stand.work()).toBe("success");
    const manifest = await stand.manifest(job);
    expect(manifest).toMatchObject({
      result: "success",
      commit,
      attempt: 1,
      phases: [
        { name: "one", seconds: 0.5 },
        { name: "two", seconds: 1.5 },
        { name: "tests", seconds: 0.1 },
      ],
      tests: { examples: 3, failures: 0, pending: 0 },
    });
    const sha256 = createHash("sha256").update("image\n").digest("hex");
    expect(manifest.artifacts[0]).toEqual({ path: "image.img.zst", size: 6, sha256 });
    expect(await stand.objects(job)).toEqual([
      "image.img.zst",
      "image.test.json",
      "log.txt",
      "manifest.json",
      "test-report.json",
    ]);
    const time = await stand.git("show", "--no-patch", "--format=%ct", commit);
    const log = await stand.object(job, "log.txt");
    expect(log).toContain(`building ${commit.slice(0, 12)} at ${time}\n`);
    expect(await stand.record(job)).toEqual({
      state: "success",
      reason: undefined,
      runner: stand.pipeline.settings.name,
      updatedAt: expect.any(String),
      // Its check run says so.
      toldAt: expect.any(String),
    });
    const check = await stand.check(job);
    expect(check).toMatchObject({
      status: "completed",
      conclusion: "success",
      details_url: `https://dispatch.example/logs/${buildKey(job)}`,
      output: { title: "Built, 3 tests passed" },
    });
    expect(check.output.summary).toContain("| `image.img.zst` | 6 B |");
  });

  test("is handed out again: it is not built again, and told of again", async () => {
    const job = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "twice" }));
    await stand.work();
    const before = await stand.versions(job);
    await stand.send(JSON.stringify(job));
    expect(await stand.work()).toBe("success");
    // Asked for again on purpose.
    const again = await stand.submit(job.commit, { attempt: 2 });
    expect(await stand.work()).toBe("success");
    expect(await stand.versions(job)).toEqual(before);
    expect(await stand.check(again)).toMatchObject({ conclusion: "success" });
  });

  test("that a later attempt left behind is left alone", async () => {
    const job = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "past" }));
    await stand.work();
    await stand.submit(job.commit, { attempt: 3 });
    await stand.work();
    await stand.send(JSON.stringify(job));
    expect(await stand.work()).toBe("past");
  });
});

describe("a commit that fails", () => {
  test("its tests: the check run names the examples, and the next attempt replaces the manifest", async () => {
    const play = `
      if [ "$1" = build ]; then echo x >/dist/image.img.zst
      elif [ -e /cache/better ]; then report image 25 0
      else report image 25 22; touch /cache/better; exit 1; fi`;
    const commit = await stand.commit({ play });
    const job = await stand.submit(commit);
    expect(await stand.work()).toBe("failure");
    expect(await stand.manifest(job)).toMatchObject({
      result: "failure",
      cause: "tests",
      reason: "22 of 25 tests failed",
      tests: { examples: 25, failures: 22, pending: 0 },
    });
    const { conclusion, output } = await stand.check(job);
    expect([conclusion, output.title]).toEqual(["failure", "22 of 25 tests failed"]);
    expect(output.summary).toContain("example 20 (`image: ./spec/a_spec.rb:20`)");
    expect(output.summary).toContain("…and 2 more.");
    expect(output.summary).not.toContain("example 21 (");
    expect(await stand.record(job)).toMatchObject({ state: "failure", reason: "22 of 25 tests failed" });

    const second = await stand.submit(commit, { attempt: 2 });
    expect(await stand.work()).toBe("success");
    expect(await stand.manifest(second)).toMatchObject({ result: "success", attempt: 2 });
  });

  test("its build: what the builder says stands in the check run, and nothing is kept", async () => {
    const play = `phase unpack; echo x >/dist/half; echo "error: packages: $(printf '\\033[2J')no such [package](x)" >&2; exit 1`;
    const job = await stand.submit(await stand.commit({ play }));
    expect(await stand.work()).toBe("failure");
    expect(await stand.manifest(job)).toMatchObject({
      cause: "build",
      reason: "the build failed",
      problems: ["packages: ␛[2Jno such [package](x)"],
      artifacts: [],
    });
    expect(await stand.objects(job)).toEqual(["log.txt", "manifest.json"]);
    const { output } = await stand.check(job);
    expect(output.summary).toContain("```text\npackages: ␛[2Jno such [package](x)\n```");
  });

  test("the builder's look at the repository", async () => {
    const play = `echo "error: rootfs.json: version: found 2, expected 1" >&2; exit 2`;
    const job = await stand.submit(await stand.commit({ play }));
    await stand.work();
    expect(await stand.manifest(job)).toMatchObject({
      cause: "repository",
      problems: ["rootfs.json: version: found 2, expected 1"],
    });
  });

  test("without any test", async () => {
    const job = await stand.submit(await stand.commit({ play: "true" }));
    await stand.work();
    expect(await stand.manifest(job)).toMatchObject({ cause: "tests", reason: "no test ran" });
  });

  test("by what it leaves in /dist", async () => {
    const play = `if [ "$1" = build ]; then cd /dist
      ln -s /etc/shadow shadow; mkfifo pipe; touch manifest.json 'a b' "$(printf 'c\\033d')"; fi`;
    const job = await stand.submit(await stand.commit({ play }));
    await stand.work();
    const { problems = [], cause } = await stand.manifest(job);
    expect(cause).toBe("artifacts");
    const name = "found a name that cannot be kept, expected letters, digits and . _ + ~ / -";
    expect([...problems].sort()).toEqual([
      `dist/a b: ${name}`,
      `dist/c␛d: ${name}`,
      "dist/manifest.json: found a name that the pipeline itself uses, expected another name",
      "dist/pipe: found a fifo, expected a plain file",
      "dist/shadow: found a symlink, expected a plain file",
    ]);
    expect(await stand.objects(job)).toEqual(["log.txt", "manifest.json"]);
  });

  test("because GitHub does not have it", async () => {
    const good = await stand.commit({ play: GOOD_PLAY, note: "gone" });
    const job = await stand.submit(good, { commit: "0".repeat(40) });
    await stand.work();
    expect(await stand.manifest(job)).toMatchObject({
      cause: "repository",
      reason: `GitHub has no commit ${"0".repeat(40)} in hypriot/image-builder-test`,
    });
  });
});

describe("a hostile repository", () => {
  test("gets every problem named, and nothing of it runs", async () => {
    const commit = await stand.commit(
      { play: "touch /cache/it-ran", "board.json": "x".repeat(2 ** 20 + 1) },
      async (git) => {
        await symlink("/etc/shadow", join(git.folder, "absolute"));
        await symlink("../../etc/shadow", join(git.folder, "outside"));
        await symlink("play", join(git.folder, "inside"));
        await writeFile(join(git.folder, "bad\u001b[2Jname"), "");
        await git("add", "--all");
      },
    );
    const job = await stand.submit(commit);
    expect(await stand.work()).toBe("failure");
    const { problems = [], cause } = await stand.manifest(job);
    expect(cause).toBe("repository");
    const link = "expected a relative link to inside the repository";
    expect([...problems].sort()).toEqual([
      `absolute: found a symbolic link to "/etc/shadow", ${link}`,
      "bad␛[2Jname: found a name with control characters, expected a name that can be printed",
      "board.json: found 1048577 bytes, expected at most 1048576",
      `outside: found a symbolic link to "../../etc/shadow", ${link}`,
    ]);
    const { output } = await stand.check(job);
    expect(output.summary).toContain("absolute: found a symbolic link");
    const probe = await stand.submit(
      await stand.commit({ play: `[ ! -e /cache/it-ran ] || exit 1; ${GOOD_PLAY}` }),
    );
    await stand.work();
    expect(await stand.record(probe)).toMatchObject({ state: "success" });
  });
});

describe("a repository whose last file is wrong", () => {
  test("is refused although much of it was sent", async () => {
    const files = Object.fromEntries([1, 2, 3].map((number) => [`a${number}`, "x".repeat(5_000_000)]));
    const commit = await stand.commit({ play: GOOD_PLAY, ...files }, async (git) => {
      await symlink("/etc/shadow", join(git.folder, "zzz"));
      await git("add", "--all");
    });
    const job = await stand.submit(commit);
    expect(await stand.work()).toBe("failure");
    const { problems } = await stand.manifest(job);
    expect(problems).toEqual([expect.stringContaining('zzz: found a symbolic link to "/etc/shadow"')]);
  });
});

describe("a tag that was moved after its build", () => {
  test("changes nothing of the build", async () => {
    const trigger = { type: "tag", tag: "v1.0.0" } as const;
    const first = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "tag 1" }), { trigger });
    await stand.work();
    const moved = await stand.submit(await stand.commit({ play: GOOD_PLAY, note: "tag 2" }), {
      trigger,
      attempt: 2,
    });
    expect(await stand.work()).toBe("failure");
    expect(await stand.manifest(moved)).toMatchObject({ commit: first.commit });
    const { conclusion, output } = await stand.check(moved);
    expect(conclusion).toBe("failure");
    expect(output.summary).toContain(first.commit);
  });
});
