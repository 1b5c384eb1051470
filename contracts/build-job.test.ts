import { describe, expect, it } from "vitest";
import { BuildJob, buildKey, buildVersion } from "./build-job.ts";
import { lineageId } from "./build-record.ts";
import { problemLines } from "./problems.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";
const job = {
  version: 1,
  repository: "hypriot/image-builder-rpi",
  kind: "image",
  commit,
  trigger: { type: "push", branch: "main" },
  trusted: true,
  architectures: ["arm64"],
  attempt: 1,
  checkRun: 7,
} satisfies BuildJob;

describe("BuildJob", () => {
  it("takes what dispatch sends", () => {
    expect(BuildJob.parse(job)).toEqual(job);
  });

  it("names everything that is wrong, with what is expected", () => {
    const wrong = {
      ...job,
      version: 2,
      repository: "hypriot/..",
      commit: "main",
      trigger: { type: "tag", tag: "1.0" },
      architectures: [],
      attempt: 0,
      extra: true,
    };
    expect(problemLines(BuildJob.safeParse(wrong).error ?? raise())).toEqual([
      "version: 1, the version that this runner reads",
      "repository: a repository as owner/name",
      "commit: a commit id of 40 lower-case hex digits",
      "trigger.tag: v and a semantic version: v1.2.3 or v1.2.3-rc.1",
      "architectures: at least one architecture",
      "attempt: a whole number from 1",
      expect.stringMatching(/^\(whole\): one of version, repository, /),
    ]);
  });

  it("believes no stranger's pull request that says it is trusted", () => {
    const stranger = { ...job, trigger: { type: "pull-request", number: 3 } };
    expect(BuildJob.safeParse(stranger).success).toBe(false);
    expect(BuildJob.safeParse({ ...stranger, trusted: false }).success).toBe(true);
  });
});

function raise(): never {
  throw new Error("expected a problem");
}

describe("a build", () => {
  it.each([
    [{ type: "push", branch: "fix" }, `builds/image-builder-rpi/${commit}`, "0123456789ab"],
    [{ type: "pull-request", number: 3 }, `pull-requests/image-builder-rpi/3/${commit}`, "0123456789ab"],
    [{ type: "tag", tag: "v1.0.0-rc.1" }, "releases/image-builder-rpi/v1.0.0-rc.1", "1.0.0-rc.1"],
  ] as const)("of %j lies at %s", (trigger, key, version) => {
    expect(buildKey({ ...job, trigger })).toBe(key);
    expect(buildVersion({ ...job, trigger })).toBe(version);
  });

  it("is superseded on branches and pull requests, never on the default branch or for a tag", () => {
    expect(lineageId({ ...job, trigger: { type: "push", branch: "a/b" } })).toBe(
      "latest/image-builder-rpi/branch/a/b",
    );
    expect(lineageId({ ...job, trigger: { type: "pull-request", number: 3 } })).toBe(
      "latest/image-builder-rpi/pull-request/3",
    );
    expect(lineageId(job)).toBeUndefined();
    expect(lineageId({ ...job, trigger: { type: "tag", tag: "v1.0.0" } })).toBeUndefined();
  });
});
