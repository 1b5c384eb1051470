import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAILURE_CAUSES, type Manifest } from "../contracts/manifest.ts";
import type { TestReport } from "../contracts/test-report.ts";
import { conclusionOf, endedText, runningText } from "./check-text.ts";

const url = "https://dispatch.example/logs/builds/x/y";

const manifest: Manifest = {
  version: 1,
  repository: "hypriot/os-rootfs",
  kind: "rootfs",
  commit: "a".repeat(40),
  trigger: { type: "push", branch: "main" },
  trusted: true,
  architectures: ["arm64"],
  attempt: 2,
  result: "success",
  builder: "sha256:0",
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:01:30.000Z",
  phases: [{ name: "arm64: unpack", seconds: 61.25 }],
  tests: { examples: 3, failures: 0, pending: 1 },
  artifacts: [{ path: "a.img.zst", size: 5_400_000, sha256: "b".repeat(64) }],
};

const failed: Manifest = { ...manifest, result: "failure", cause: "tests", reason: "1 of 3 tests failed" };

function report(...examples: readonly Partial<TestReport["examples"][number]>[]): TestReport {
  const example = { description: "d", location: "./spec/a_spec.rb:1", status: "failed", seconds: 0 } as const;
  return {
    version: 1,
    summary: failed.tests ?? { examples: 0, failures: 0, pending: 0 },
    examples: examples.map((given) => ({ ...example, ...given })),
  };
}

describe("endedText", () => {
  it("tells a success", () => {
    expect(endedText(manifest, report({ status: "passed" }), url)).toEqual({
      title: "Built, 2 tests passed",
      summary: [
        "Tests: 3 examples, 0 failures, 1 pending.",
        "Attempt 2 took 90 s.",
        "| Phase | Seconds |\n| --- | ---: |\n| arm64\\: unpack | 61.3 |",
        "| Artifact | Size |\n| --- | ---: |\n| `a.img.zst` | 5.1 MiB |",
        `[Log of the build](${url})`,
      ].join("\n\n"),
    });
  });

  it("shows failing examples with their message as text", () => {
    const message = "expected `x`\n```\n# no heading\n<img src=x>\u001b[2J";
    const { title, summary } = endedText(failed, report({ description: "a [link](x) @all", message }), url);
    expect(title).toBe("1 of 3 tests failed");
    expect(summary).toContain(
      "a \\[link\\]\\(x\\) \\@all (`./spec/a_spec.rb:1`)\n\n````text\nexpected `x`\n```\n# no heading\n<img src=x>␛[2J\n````",
    );
  });

  it("names what is wrong in a block that nothing in it ends", () => {
    const { summary } = endedText({ ...failed, problems: ["a: found ```", "~~~"] }, undefined, url);
    expect(summary).toContain("````text\na: found ```\n~~~\n````");
  });

  it("fits GitHub's limit whatever a build says, and always ends with the log", () => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    const example = fc.record({
      description: fc.string({ minLength: 1, maxLength: 300 }),
      message: fc.oneof(text, fc.constant("`".repeat(3000)), fc.constant("\n".repeat(4000))),
    });
    const said = fc.tuple(fc.array(text, { maxLength: 20 }), fc.array(example, { maxLength: 60 }), text);
    fc.assert(
      fc.property(said, ([problems, examples, reason]) => {
        const many = { ...failed, problems, reason, phases: problems.map((name) => ({ name, seconds: 1 })) };
        const { title, summary } = endedText(many, report(...examples), url);
        expect(summary.length).toBeLessThan(65_535);
        expect(`${title}${summary}`.replace(/[\n\t]/g, "")).not.toMatch(/[\p{Cc}\u202e]/u);
        expect(title).not.toContain("\n");
        expect(summary.endsWith(`\n\n[Log of the build](${url})`)).toBe(true);
        // Every block that is opened is closed by the same fence.
        const fences = summary.split("\n").filter((line) => /^`{3,}(text)?$/.test(line));
        const opened = fences.filter((line) => line.endsWith("text"));
        for (const fence of opened) expect(fences).toContain(fence.replace("text", ""));
      }),
      { numRuns: 50 },
    );
  });
});

describe("runningText", () => {
  it("says the phase", () => {
    expect(runningText(undefined, url).title).toBe("Preparing");
    expect(runningText("a | b\u001b", url)).toEqual({
      title: "a | b␛",
      summary: `Now: a \\| b␛\n\n[Log of the build](${url})`,
    });
  });
});

describe("conclusionOf", () => {
  it.each(FAILURE_CAUSES)("a failure by %s", (cause) => {
    expect(conclusionOf({ ...failed, cause })).toBe(cause === "time" ? "timed_out" : "failure");
  });
});
