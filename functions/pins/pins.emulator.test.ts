import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OWNER } from "../testing/clouds.ts";
import { BRANCH, EMPTY, Stand, TEMPLATE } from "./testing/stand.ts";

let stand: Stand;

beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand.stop());

/** A `versions.json` with some pins, as the template is written. */
const versions = (rootfs: object) => `${JSON.stringify({ version: 1, rootfs }, undefined, 2)}\n`;
// Versions go up from test to test: only the highest is pinned.
let minor = 0;
const nextTag = () => `v1.${++minor}.0`;

describe("a release of the root filesystem", () => {
  it("is proposed to every board of its architectures, and to no other, once", async () => {
    await stand.board("first-64");
    await stand.board("first-32", EMPTY.replaceAll("  ", "\t"));
    const boards = { "first-64": "arm64", "first-32": "armhf" } as const;
    const tag = nextTag();
    const key = await stand.release(tag, ["arm64"]);
    expect(await stand.tell(key, boards)).toEqual({ "first-64": { did: "opened", pull: 1 } });
    expect(await stand.pulls("first-32")).toEqual([]);

    const next = nextTag();
    const both = await stand.release(next);
    expect(await stand.tell(both, { "first-32": "armhf" })).toEqual({
      "first-32": { did: "opened", pull: 1 },
    });
    expect(await stand.read("first-32", "versions.json", BRANCH)).toBe(
      versions({ armhf: stand.pin(next, "armhf") }).replaceAll("  ", "\t"),
    );
    const [pull] = await stand.pulls("first-32");
    expect(pull).toMatchObject({
      title: `Pin root filesystem ${next}`,
      state: "open",
      head: { ref: BRANCH },
      base: { ref: "main" },
      user: { login: "hypriotos-pipeline[bot]" },
      labels: [{ name: "pins" }],
    });
    expect(pull?.body).toContain("before: nothing was pinned");
    expect(pull?.body).toContain(`now: \`${stand.pin(next, "armhf").sha256}\``);
    expect(pull?.body).toContain(
      `(${stand.github.description.baseUrl}/hypriot/os-rootfs/releases/tag/${next})`,
    );
    expect(await stand.pull("first-32", 1)).toMatchObject({ commits: 1, changed_files: 1 });

    const before = await stand.commits("first-32", BRANCH);
    expect(await stand.tell(both, { "first-32": "armhf" })).toEqual({
      "first-32": { did: "nothing", because: "pull request 1 proposes it" },
    });
    expect(await stand.commits("first-32", BRANCH)).toEqual(before);
    expect(await stand.pulls("first-32")).toHaveLength(1);
  });

  it("updates the branch and the pull request of the one before, whatever happened on main since", async () => {
    const [one, two] = [nextTag(), nextTag()];
    const pinned = { arm64: { url: "dist/old.tar.zst", sha256: "0".repeat(64) } };
    await stand.board("updated", versions(pinned));
    const boards = { updated: "arm64" } as const;
    await stand.tell(await stand.release(one), boards);
    const [first = ""] = await stand.commits("updated", BRANCH);
    await stand.write("updated", "packages.txt", "htop\n");
    const armhf = { url: "dist/32.tar.zst", sha256: "1".repeat(64) };
    await stand.write("updated", "versions.json", versions({ ...pinned, armhf }));
    expect(await stand.tell(await stand.release(two), boards)).toEqual({
      updated: { did: "updated", pull: 1 },
    });
    expect(await stand.read("updated", "versions.json", BRANCH)).toBe(
      versions({ arm64: stand.pin(two), armhf }),
    );
    expect(await stand.commits("updated", BRANCH)).toContain(first);
    const pull = await stand.pull("updated", 1);
    expect(pull).toMatchObject({
      title: `Pin root filesystem ${two}`,
      changed_files: 1,
      mergeable: true,
      labels: [{ name: "pins" }],
    });
    expect(pull.body).toContain(`before: \`${"0".repeat(64)}\` from dist/old\\.tar\\.zst`);
    await stand.octokit.rest.pulls.merge({
      owner: OWNER,
      repo: "updated",
      pull_number: 1,
      merge_method: "squash",
    });
    expect(await stand.read("updated", "versions.json", "main")).toBe(
      versions({ arm64: stand.pin(two), armhf }),
    );
    const three = nextTag();
    expect(await stand.tell(await stand.release(three), boards)).toEqual({
      updated: { did: "opened", pull: 2 },
    });
    expect(await stand.pull("updated", 2)).toMatchObject({ changed_files: 1, mergeable: true });
  });

  it("is not proposed again when people closed it; the next one is", async () => {
    const [one, two] = [nextTag(), nextTag()];
    await stand.board("closed");
    const boards = { closed: "arm64" } as const;
    const key = await stand.release(one);
    await stand.tell(key, boards);
    await stand.close("closed", 1);
    expect(await stand.tell(key, boards)).toEqual({
      closed: { did: "nothing", because: "pull request 1 for it was closed" },
    });
    expect(await stand.tell(await stand.release(two), boards)).toEqual({
      closed: { did: "opened", pull: 2 },
    });
  });

  it("leaves a branch alone that others worked on, and says so once", async () => {
    const [one, two] = [nextTag(), nextTag()];
    await stand.board("shared");
    const boards = { shared: "arm64" } as const;
    await stand.tell(await stand.release(one), boards);
    await stand.write("shared", "packages.txt", "vim\n", BRANCH);
    const before = await stand.commits("shared", BRANCH);
    const key = await stand.release(two);
    const told = { shared: { did: "told", because: `${BRANCH} has commits of others` } };
    expect(await stand.tell(key, boards)).toEqual(told);
    expect(await stand.tell(key, boards)).toEqual(told);
    expect(await stand.commits("shared", BRANCH)).toEqual(before);
    const comments = await stand.comments("shared", 1);
    expect(comments).toEqual([expect.stringContaining(stand.pin(two).sha256)]);
    expect(await stand.pull("shared", 1)).toMatchObject({ title: `Pin root filesystem ${one}` });

    await stand.close("shared", 1);
    expect(await stand.tell(key, boards)).toEqual({
      shared: { did: "told", because: `${BRANCH}: found a branch with commits of others, expected none` },
    });
    expect(await stand.checks("shared")).toHaveLength(1);
  });

  it("goes on after people brought the branch up to date with its button", async () => {
    const [one, two] = [nextTag(), nextTag()];
    await stand.board("behind");
    const boards = { behind: "arm64" } as const;
    await stand.tell(await stand.release(one), boards);
    await stand.write("behind", "packages.txt", "vim\n");
    await stand.octokit.rest.pulls.updateBranch({ owner: OWNER, repo: "behind", pull_number: 1 });
    expect(await stand.tell(await stand.release(two), boards)).toEqual({
      behind: { did: "updated", pull: 1 },
    });
    expect(await stand.pull("behind", 1)).toMatchObject({ changed_files: 1, mergeable: true });
  });

  it("is not proposed where it is lower than another, a pre-release, or than what is pinned", async () => {
    const [low, high] = [nextTag(), nextTag()];
    await stand.board("ahead", versions({ arm64: stand.pin("v9.0.0-rc.1") }));
    const boards = { ahead: "arm64" } as const;
    const lower = await stand.release(low);
    const key = await stand.release(high);
    expect(await stand.tell(lower, boards)).toEqual({});
    expect(await stand.tell(await stand.release("v8.0.0-rc.1"), boards)).toEqual({});
    expect(await stand.tell(key, boards)).toEqual({
      ahead: { did: "nothing", because: "it is pinned, or what is pinned is ahead of it" },
    });
    expect(await stand.pulls("ahead")).toEqual([]);
  });
});

describe("a board whose versions.json cannot be read", () => {
  it("is told on its newest commit, once, and keeps no other board from its pull request", async () => {
    await stand.board("broken", '{\n  "version": 2,\n  "rootfs": {}\n}\n');
    await stand.board("no-json", "{,}");
    await stand.board("whole");
    await stand.board("archived");
    await stand.octokit.rest.repos.update({ owner: OWNER, repo: "archived", archived: true });
    const boards = {
      broken: "arm64",
      "no-json": "arm64",
      archived: "arm64",
      "never-made": "arm64",
      whole: "arm64",
    } as const;
    const key = await stand.release(nextTag());
    const outcomes = await stand.tell(key, boards);
    expect(outcomes).toMatchObject({
      broken: { did: "told", because: "versions.json: version: 1, the version that this builder reads" },
      "no-json": { did: "told", because: expect.stringContaining("versions.json: found no JSON") },
      archived: { did: "nothing", because: "the repository is archived" },
      "never-made": { did: "nothing", because: "the repository is missing" },
      whole: { did: "opened" },
    });
    await stand.tell(key, boards);
    const [check, ...more] = await stand.checks("broken");
    expect(more).toEqual([]);
    expect(check).toMatchObject({ status: "completed", conclusion: "action_required" });
    expect(check?.output.summary).toContain("version: 1, the version that this builder reads");
    expect(check?.output.summary).toContain('"sha256": "');
    expect(await stand.pulls("broken")).toEqual([]);
  });
});

describe("a GitHub that fails", () => {
  it.each([
    ["before the branch is made", "POST", /\/git\/refs$/, { kind: "refuse", status: 502 }],
    ["after the branch is made", "POST", /\/git\/refs$/, { kind: "lose", status: 502 }],
    [
      "because somebody else made the pull request just then",
      "POST",
      /\/pulls$/,
      { kind: "lose", status: 422 },
    ],
    ["before the label", "POST", /\/labels$/, { kind: "refuse", status: 503 }],
  ] as const)(
    "%s: the event comes again, and there is one commit and one pull request",
    async (what, method, path, fault) => {
      const repo = `fails-${what.replaceAll(/\W+/g, "-").slice(0, 40)}`;
      await stand.board(repo);
      await stand.board(`${repo}-2`);
      const boards = { [repo]: "arm64", [`${repo}-2`]: "arm64" } as const;
      const key = await stand.release(nextTag());
      stand.proxy.expect({ method, path, fault });
      await expect(stand.tell(key, boards)).rejects.toThrow(`${OWNER}/${repo}: HttpError`);
      expect(await stand.pulls(`${repo}-2`)).toHaveLength(1);
      await stand.tell(key, boards);
      const [pull, ...more] = await stand.pulls(repo);
      expect(more).toEqual([]);
      expect(pull?.labels).toMatchObject([{ name: "pins" }]);
      expect(await stand.pull(repo, pull?.number ?? 0)).toMatchObject({ commits: 1, changed_files: 1 });
      expect(stand.proxy.left).toBe(0);
    },
  );

  it("because somebody pushed in between: nothing of theirs is lost", async () => {
    const [one, two] = [nextTag(), nextTag()];
    await stand.board("raced");
    const boards = { raced: "arm64" } as const;
    await stand.tell(await stand.release(one), boards);
    stand.proxy.expect({
      method: "PATCH",
      path: /\/git\/refs\//,
      fault: { kind: "lose", status: 500 },
      before: () => stand.write("raced", "packages.txt", "vim\n", BRANCH),
    });
    const key = await stand.release(two);
    await expect(stand.tell(key, boards)).rejects.toThrow("raced");
    expect(await stand.read("raced", "packages.txt", BRANCH)).toBe("vim\n");
    expect(await stand.tell(key, boards)).toMatchObject({ raced: { did: "told" } });
    expect(await stand.read("raced", "packages.txt", BRANCH)).toBe("vim\n");
  });
});

describe("the repository that new boards are generated from", () => {
  it("is pinned by a commit, for all architectures, once and after a failure", async () => {
    const key = await stand.release(nextTag());
    expect(await stand.tellAll(key, {})).toEqual({
      [TEMPLATE]: { did: "nothing", because: "the repository is missing" },
    });
    await stand.board(TEMPLATE);
    const tag = nextTag();
    const next = await stand.release(tag);
    stand.proxy.expect({ method: "PATCH", path: /\/git\/refs\//, fault: { kind: "lose", status: 502 } });
    await expect(stand.tellAll(next, {})).rejects.toThrow(`${OWNER}/${TEMPLATE}: HttpError`);
    expect(await stand.tellAll(next, {})).toEqual({
      [TEMPLATE]: { did: "nothing", because: "it is pinned, or what is pinned is ahead of it" },
    });
    expect(await stand.read(TEMPLATE, "versions.json", "main")).toBe(
      versions({ armhf: stand.pin(tag, "armhf"), arm64: stand.pin(tag) }),
    );
    expect(await stand.pulls(TEMPLATE)).toEqual([]);
    const last = await stand.release(nextTag());
    const [newest] = await stand.commits(TEMPLATE, "main");
    expect(await stand.tellAll(last, {})).toEqual({
      [TEMPLATE]: { did: "committed", commit: expect.not.stringMatching(newest ?? "") },
    });
  });
});
