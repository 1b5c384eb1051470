import { describe, expect, it } from "vitest";
import { readJob } from "./build-message.ts";

const job = {
  version: 1,
  repository: "hypriot/os-rootfs",
  kind: "rootfs",
  commit: "a".repeat(40),
  trigger: { type: "push", branch: "main" },
  trusted: true,
  architectures: ["arm64", "armhf"],
  attempt: 1,
  checkRun: 5,
};

function reason(change: Readonly<Record<string, unknown>>): string {
  const read = readJob(JSON.stringify({ ...job, ...change }), "arm64");
  return "reason" in read ? read.reason : "";
}

describe("readJob", () => {
  it("reads a job in the queue of its first architecture", () => {
    expect(readJob(JSON.stringify(job), "arm64")).toEqual({ job });
    expect(readJob(JSON.stringify(job), "armhf")).toEqual({
      reason: "architectures.0: found arm64, expected armhf, as this queue is for",
    });
  });

  it.each([
    ["", "(whole): found what is no JSON, expected a build job"],
    ["{}x", "(whole): found what is no JSON, expected a build job"],
    ["null", "(whole): a mapping with version, repository"],
    ["[]", "(whole): a mapping with version, repository"],
    [JSON.stringify("x".repeat(16 * 1024)), "(whole): found 16386 bytes, expected at most 16384"],
  ])("refuses %j", (body, said) => {
    const read = readJob(body, "arm64");
    expect("reason" in read && read.reason).toContain(said);
  });

  it.each([
    [{ version: 2 }, "version: 1, the version that this runner reads"],
    [{ repository: "hypriot/../etc" }, "repository: a repository as owner/name"],
    [{ commit: "main" }, "commit: a commit id of 40 lower-case hex digits"],
    [{ trigger: { type: "cron" } }, "trigger.type: one of push, pull-request, tag"],
    [{ trigger: { type: "tag", tag: "v1/../../x" } }, "trigger.tag: v and a semantic version"],
    [{ trigger: { type: "pull-request", number: 7 } }, "trusted: false, because the commit is a stranger's"],
    [{ architectures: [] }, "architectures: at least one architecture"],
    [{ architectures: ["riscv64"] }, "architectures.0: one of armhf, arm64, armel, amd64"],
    [{ attempt: 0 }, "attempt: a whole number from 1"],
    [{ command: "rm -rf /" }, "(whole): one of version, repository"],
  ])("refuses a job with %j", (change, said) => {
    expect(reason(change)).toContain(said);
  });

  it("says everything at once, in one line that does nothing to its reader", () => {
    const said = reason({ version: 7, attempt: -1, "\u001b[2J\n": 1 });
    expect(said).toContain("version: ");
    expect(said).toContain("attempt: ");
    expect(said).not.toMatch(/\p{C}/u);
    expect(said.length).toBeLessThanOrEqual(1000);
  });
});
