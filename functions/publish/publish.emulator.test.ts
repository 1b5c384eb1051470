import { CopyObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../tests/support/tag-build.ts";
import { Stand } from "./testing/stand.ts";

let stand: Stand;

beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand.stop());

const FILES = { "hypriotos.img.zst": "the image", "logs/boot~1.txt": "it boots" };
const SUMS = `${sha256("the image")}  hypriotos.img.zst\n${sha256("it boots")}  logs-boot.1.txt\n`;
const PUBLISHED = {
  "hypriotos.img.zst": "the image",
  "logs-boot.1.txt": "it boots",
  SHA256SUMS: SUMS,
};

describe("a tag's build", () => {
  it("becomes a release with every artifact, its checksums, and a check run that says so", async () => {
    const commit = await stand.repository("plain");
    const key = await stand.tagged("plain", "v1.0.0", FILES);
    await stand.publish(key);
    expect(await stand.download("plain", "v1.0.0")).toEqual(PUBLISHED);
    const [release] = await stand.releases("plain", "v1.0.0");
    expect(release).toMatchObject({ name: "v1.0.0", draft: false, prerelease: false });
    expect(release?.author.login).toBe("hypriotos-pipeline[bot]");
    expect(release?.body).toContain("sha256sum --check --ignore-missing SHA256SUMS");
    expect(await stand.checkRuns("plain", commit)).toMatchObject([
      {
        status: "completed",
        conclusion: "success",
        external_id: "publish/plain/v1.0.0#1",
        output: { title: "Release v1.0.0 is published" },
      },
    ]);
    expect(await stand.record("plain", "v1.0.0")).toMatchObject({ state: "published", attempt: 1, commit });
  });

  it("is published once, however often its event comes", async () => {
    const before = stand.proxy.requests.length;
    await stand.publish("releases/plain/v1.0.0/manifest.json");
    expect(stand.proxy.requests.slice(before)).toEqual([]);
    const commit = await stand.repository("twice");
    const key = await stand.tagged("twice", "v1.0.0", FILES);
    await Promise.all([stand.publish(key), stand.publish(key), stand.publish(key)]);
    expect(await stand.download("twice", "v1.0.0")).toEqual(PUBLISHED);
    expect(await stand.releases("twice", "v1.0.0")).toHaveLength(1);
    expect(await stand.checkRuns("twice", commit)).toHaveLength(1);
    const uploads = stand.proxy.requests.filter((request) => /^POST .*twice.*\/assets/.test(request));
    expect(uploads).toHaveLength(5);
  });

  it("is the latest by its version, not by its time; a pre-release never is", async () => {
    await stand.repository("versions");
    for (const tag of ["v1.0.0", "v2.0.0-rc.1", "v2.0.0", "v1.0.1", "v2.1.0-rc.1"]) {
      await stand.publish(await stand.tagged("versions", tag, { image: tag }));
    }
    expect(await stand.latest("versions")).toBe("v2.0.0");
    const [candidate] = await stand.releases("versions", "v2.0.0-rc.1");
    expect(candidate?.prerelease).toBe(true);
  });

  it("and others of its repository, all at once: all are published, the highest is the latest", async () => {
    await stand.repository("many");
    const tags = ["v1.2.0", "v1.10.0", "v1.9.0", "v1.11.0-rc.1"];
    const keys: string[] = [];
    for (const tag of tags) keys.push(await stand.tagged("many", tag, { image: tag }));
    await Promise.all(keys.map((key) => stand.publish(key)));
    for (const tag of tags) {
      expect(await stand.download("many", tag)).toMatchObject({ image: tag });
    }
    expect(await stand.latest("many")).toBe("v1.10.0");
  });

  it("that failed, or is no tag's, releases nothing", async () => {
    const commit = await stand.repository("failed");
    await stand.tag("failed", "v1.0.0", commit);
    const key = await stand.build("failed", "v1.0.0", commit, {}, { result: "failure", reason: "tests" });
    await stand.publish(key);
    await stand.publish("builds/failed/manifest.json");
    expect(await stand.releases("failed", "v1.0.0")).toEqual([]);
    expect(await stand.checkRuns("failed", commit)).toEqual([]);
  });

  it("that contradicts its place is an error", async () => {
    const commit = await stand.repository("misplaced");
    const key = await stand.build("misplaced", "v1.0.0", commit, {});
    await stand.build("other", "v1.0.0", commit, {}, { repository: "hypriot/other" });
    const CopySource = "artifacts/releases/other/v1.0.0/manifest.json";
    await stand.s3.send(new CopyObjectCommand({ Bucket: "artifacts", Key: key, CopySource }));
    await expect(stand.publish(key)).rejects.toThrow(
      "repository, tag: found other v1.0.0, expected misplaced v1.0.0",
    );
  });
});

describe("a tag", () => {
  it("that is gone or moved ends with an error on its commit, and leaves no draft", async () => {
    const commit = await stand.repository("tags");
    const gone = await stand.tagged("tags", "v1.0.0", FILES);
    await stand.deleteTag("tags", "v1.0.0");
    await stand.publish(gone);
    const moved = await stand.build("tags", "v2.0.0", commit, FILES);
    const other = await stand.commit("tags", "file", "text", "Another commit");
    await stand.tag("tags", "v2.0.0", other);
    await stand.publish(moved);
    expect(
      (await stand.checkRuns("tags", commit)).map(({ conclusion, output }) => [conclusion, output.summary]),
    ).toEqual([
      ["failure", expect.stringContaining("found no such tag")],
      ["failure", expect.stringContaining("found the tag at")],
    ]);
    expect(await stand.releases("tags", "v1.0.0")).toEqual([]);
    expect(await stand.releases("tags", "v2.0.0")).toEqual([]);
  });

  it("that is deleted during the upload: the draft goes, and the tag is not made again", async () => {
    const commit = await stand.repository("late");
    const key = await stand.tagged("late", "v1.0.0", FILES);
    stand.proxy.expect({
      method: "POST",
      path: /late\/releases\/\d+\/assets\?name=SHA256SUMS/,
      before: () => stand.deleteTag("late", "v1.0.0"),
      fault: { kind: "refuse", status: 502 },
    });
    await stand.publish(key);
    expect(await stand.releases("late", "v1.0.0")).toEqual([]);
    expect(await stand.checkRuns("late", commit)).toMatchObject([{ conclusion: "failure" }]);
    // The tag is back, the event is sent again by hand: a new attempt.
    await stand.tag("late", "v1.0.0", commit);
    await stand.publish(key);
    expect(await stand.download("late", "v1.0.0")).toEqual(PUBLISHED);
    expect(await stand.checkRuns("late", commit)).toMatchObject([
      { conclusion: "failure", external_id: "publish/late/v1.0.0#1" },
      { conclusion: "success", external_id: "publish/late/v1.0.0#2" },
    ]);
  });

  it("may be an annotated one", async () => {
    await stand.repository("annotated");
    const git = await stand.github.clone("hypriot/annotated");
    await git("tag", "-a", "v1.0.0", "-m", "First");
    await git("push", "--quiet", "origin", "v1.0.0");
    const key = await stand.build("annotated", "v1.0.0", await stand.head("annotated"), FILES);
    await stand.publish(key);
    expect(await stand.download("annotated", "v1.0.0")).toEqual(PUBLISHED);
  });
});

describe("what is refused, with everything that is wrong", () => {
  it("files that GitHub does not take", async () => {
    const commit = await stand.repository("unfit");
    await stand.tag("unfit", "v1.0.0", commit);
    const key = await stand.build("unfit", "v1.0.0", commit, { "a/b": "1", "a-b": "2", empty: "" });
    await stand.publish(key);
    const [check] = await stand.checkRuns("unfit", commit);
    expect(check?.conclusion).toBe("failure");
    expect(check?.output.summary).toMatch(/asset name[\s\S]*empty file/);
    expect(await stand.releases("unfit", "v1.0.0")).toEqual([]);
  });

  it.each([
    ["damaged", "evil", sha256("evil")],
    ["shortened", "bad", "found 3 bytes, expected 4"],
    ["lengthened", "worse", "found more than 4 bytes, expected 4"],
  ])("an artifact that is not what the manifest says: %s", async (repo, Body, told) => {
    const commit = await stand.repository(repo);
    await stand.tag(repo, "v1.0.0", commit);
    const key = await stand.build(repo, "v1.0.0", commit, { image: "good" });
    await stand.s3.send(
      new PutObjectCommand({ Bucket: "artifacts", Key: `releases/${repo}/v1.0.0/image`, Body }),
    );
    await stand.publish(key);
    const [check] = await stand.checkRuns(repo, commit);
    expect(check?.output.summary).toContain(told);
    expect((await stand.releases(repo, "v1.0.0")).filter(({ draft }) => !draft)).toEqual([]);
  });

  it("a release that is published already: it is never rewritten", async () => {
    const commit = await stand.repository("byhand");
    const key = await stand.tagged("byhand", "v1.0.0", FILES);
    const at = { owner: "hypriot", repo: "byhand" };
    await stand.octokit.rest.repos.createRelease({ ...at, tag_name: "v1.0.0", body: "by hand" });
    await stand.publish(key);
    expect(await stand.releases("byhand", "v1.0.0")).toMatchObject([{ body: "by hand", assets: [] }]);
    const [check] = await stand.checkRuns("byhand", commit);
    expect(check).toMatchObject({ conclusion: "failure" });
    expect(check?.output.summary).toContain("never rewritten");
  });
});

describe("notes", () => {
  it("tell commits, merged pull requests, packages and pins since the last release", async () => {
    const repo = "noted";
    const at = { owner: "hypriot", repo };
    await stand.repository(repo);
    const list = (...lines: string[]) => `${lines.join("\n")}\n`;
    const one = { "board-1.0.0.packages": list("apt\t3.0.3\tarm64", "gone\t1\tall") };
    await stand.publish(await stand.tagged(repo, "v1.0.0", one));
    const pin = { url: "s3://artifacts/releases/os-rootfs/v1.0.0/rootfs.tar.zst", sha256: "a".repeat(64) };
    await stand.commit(
      repo,
      "versions.json",
      JSON.stringify({ version: 1, rootfs: { arm64: pin } }),
      "Pin @everyone",
    );
    const base = await stand.head(repo);
    await stand.octokit.rest.git.createRef({ ...at, ref: "refs/heads/change", sha: base });
    await stand.octokit.rest.repos.createOrUpdateFileContents({
      ...at,
      path: "more",
      branch: "change",
      message: "More",
      content: "bW9yZQ==",
    });
    const { data: pull } = await stand.octokit.rest.pulls.create({
      ...at,
      title: "More of <it>",
      head: "change",
      base: "main",
    });
    await stand.octokit.rest.pulls.merge({ ...at, pull_number: pull.number, merge_method: "squash" });
    const two = { "board-1.1.0.packages": list("apt\t3.0.4\tarm64", "new\t2\tall") };
    await stand.publish(await stand.tagged(repo, "v1.1.0", two));
    const [release] = await stand.releases(repo, "v1.1.0");
    const body = release?.body ?? "";
    expect(body).toContain(`- More of &lt;it&gt; ([pull request ${pull.number}](`);
    expect(body).toContain("Pin @&#8203;everyone (");
    expect(body).toContain("/compare/v1.0.0...v1.1.0)");
    expect(body).toContain("- added new 2\n- removed gone 1\n- apt 3\\.0\\.3 → 3\\.0\\.4\n");
    expect(body).toContain(`| rootfs arm64 | s3:&#8203;//artifacts/releases/os\\-rootfs/`);
  });

  it("tell a kernel that is pinned, and none where the board takes Debian's whatever is pinned", async () => {
    const file = (path: string) => ({ url: `s3://artifacts/releases/${path}`, sha256: "a".repeat(64) });
    const pins = {
      rootfs: { arm64: file("os-rootfs/v1.0.0/r") },
      kernel: { arm64: file("kernel/v1.0.0/k") },
    };
    const board = (kernel: object) =>
      JSON.stringify({
        version: 1,
        name: "own",
        title: "Own",
        architecture: "arm64",
        kernel,
        boot: { method: "raspi-firmware" },
      });
    const body = async (repo: string, kernel: object) => {
      await stand.repository(repo);
      await stand.commit(repo, "versions.json", JSON.stringify({ version: 1, ...pins }), "Pins");
      await stand.commit(repo, "board.json", board(kernel), "Board");
      await stand.publish(await stand.tagged(repo, "v1.0.0", { "a.img.zst": "an image" }));
      return (await stand.releases(repo, "v1.0.0"))[0]?.body ?? "";
    };
    const pinned = await body("own-kernel", { package: "linux-image-own", pinned: true });
    expect(pinned).toContain("| kernel arm64 | s3:&#8203;//artifacts/releases/kernel/");
    expect(await body("debian-kernel", { package: "linux-image-arm64" })).not.toContain("| kernel arm64 |");
  });

  it("do without what GitHub or the bucket has not", async () => {
    const repo = "gaps";
    await stand.repository(repo);
    await stand.octokit.rest.repos.createRelease({ owner: "hypriot", repo, tag_name: "v0.9.0" });
    await stand.commit(repo, "versions.json", "no JSON", "Broken pins");
    await stand.publish(await stand.tagged(repo, "v1.0.0", { "a.packages": "apt\t1\tall\n" }));
    const [release] = await stand.releases(repo, "v1.0.0");
    expect(release?.body).toContain("Broken pins");
    expect(release?.body).not.toContain("## Packages");
  });
});
