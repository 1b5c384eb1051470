import { describe, expect, it } from "vitest";
import { buildKey } from "./build-job.ts";
import { BuildKey, checkRunId, parseCheckRunId } from "./build-key.ts";

const commit = "a".repeat(40);
const repository = "hypriot/os-rootfs";

describe("BuildKey", () => {
  it.each([
    { type: "push", branch: "main" } as const,
    { type: "pull-request", number: 7 } as const,
    { type: "tag", tag: "v1.0.0-rc.1" } as const,
  ])("takes the key of a $type, and a check run leads back to it", (trigger) => {
    const key = buildKey({ repository, commit, trigger });
    expect(BuildKey.parse(key)).toBe(key);
    expect(parseCheckRunId(checkRunId(key, 3))).toEqual({ key, attempt: 3 });
  });

  it.each([
    "",
    "builds/../aaaa",
    `builds/../${commit}`,
    `builds/a/b/${commit}`,
    `/builds/a/${commit}`,
    `builds/a/${commit}\n`,
    `builds/a/${commit}/`,
    `pull-requests/a/0/${commit}`,
    "releases/a/v1",
    "releases/./v1.0.0",
    "cache/x",
  ])("refuses %j", (key) => {
    expect(BuildKey.safeParse(key).success).toBe(false);
    expect(parseCheckRunId(`${key}#1`)).toBeUndefined();
  });

  it.each(["##1", "1", "0", "#0", "#-1", "#1.5", "#99999999"])("refuses the attempt %j", (end) => {
    expect(parseCheckRunId(`builds/a/${commit}${end}`)).toBeUndefined();
  });
});
