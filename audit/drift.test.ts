import { describe, expect, it } from "vitest";
import { readDrift } from "./changes.ts";
import type { EngineEvent, Step } from "./events.ts";
import { renderMarkdown } from "./markdown.ts";
import { makeReport } from "./report.ts";

const PARENT = "urn:pulumi:s::p::hypriotos:index:PipelineRepository::rootfs";
const PIPELINE = "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s";
const URN = "urn:pulumi:s::p::hypriotos:index:PipelineRepository$github:index/repository:Repository::rootfs";
const state = (inputs: object, outputs: object = {}, more: object = {}) => ({
  type: "github:index/repository:Repository",
  urn: URN,
  custom: true,
  id: "os-rootfs",
  parent: PARENT,
  inputs: { ...inputs },
  outputs: { ...outputs },
  ...more,
});
const step = (
  op: string,
  old: Step["old"],
  young: Step["new"],
  detailedDiff: Step["detailedDiff"] = {},
): EngineEvent[] => {
  const metadata = { urn: URN, type: "github:index/repository:Repository", old, detailedDiff };
  return [
    // What is there is not known yet, and the engine shows the same on both sides.
    { sequence: 1, resourcePreEvent: { metadata: { ...metadata, op: "refresh", new: old } } },
    { sequence: 2, resOutputsEvent: { metadata: { ...metadata, op, new: young } } },
  ];
};
const around: EngineEvent[] = [
  {
    sequence: 0,
    resourcePreEvent: {
      metadata: {
        op: "refresh",
        urn: PARENT,
        type: "hypriotos:index:PipelineRepository",
        new: { type: "hypriotos:index:PipelineRepository", urn: PARENT, id: "", parent: PIPELINE },
      },
    },
  },
];
const end: EngineEvent = { sequence: 9, summaryEvent: { durationSeconds: 1, resourceChanges: { same: 7 } } };
const report = (...events: EngineEvent[]) =>
  makeReport(readDrift([...around, ...events, end]), { kind: "drift", stack: "s", levels: {} });

describe("a report of drift", () => {
  it("says in one line that nothing was changed", () => {
    const same = state({ description: "ours" });
    const text = renderMarkdown(report(...step("same", same, same)));
    expect(text).toBe("Stack `s`: nothing was changed outside, 7 resources as they should be.\n");
  });

  it("says what it should be → what it is, and only what would be put back", () => {
    const young = state({ description: "theirs", topics: [], __defaults: [] });
    const diff = { description: { diffKind: "update", inputDiff: true } };
    const found = report(...step("update", state({ description: "ours", topics: ["a"] }), young, diff));
    expect([found.outcome, found.counts]).toEqual(["changes", { update: 1 }]);
    const text = renderMarkdown(found);
    expect(text).toContain("Something was changed outside. 1 changed outside.");
    expect(text).toContain("- changed `Repository rootfs`\n  - `description`: `ours` → `theirs`\n");
    expect(text).toContain("<b>Pipeline repository rootfs</b>: 1 changed outside");
    expect(text).not.toMatch(/topics|__defaults|to update/);
  });

  it("takes what is there from the outputs where the provider compared with those", () => {
    const old = state({ hasIssues: true });
    const young = state({ hasIssues: true }, { hasIssues: false });
    const diff = { hasIssues: { diffKind: "update", inputDiff: false } };
    expect(readDrift(step("update", old, young, diff)).changes[0]?.properties).toEqual([
      { path: "hasIssues", old: true, new: false },
    ]);
  });

  it("says what was deleted, with what is lost: nobody outside archives it", () => {
    const old = state({ archiveOnDestroy: true }, {}, { retainOnDelete: true });
    const found = report(...step("delete", old, undefined));
    expect(found.outcome).toBe("destructive");
    const text = renderMarkdown(found);
    expect(text).toContain("**Something was deleted outside.** 1 deleted outside.");
    expect(text).toContain("#### Deleted outside (1)");
    expect(text).toMatch(
      /- deleted `Repository rootfs` \(Pipeline repository rootfs\): \*\*lost: the repository/,
    );
    expect(found.policies).toEqual([]);
  });

  it("says what could not be read", () => {
    const message = "reading os-rootfs: GitHub answered 403";
    const found = report({ sequence: 3, diagnosticEvent: { urn: URN, message, severity: "error" } });
    expect(found.outcome).toBe("error");
    expect(renderMarkdown(found)).toContain("**What is there could not be read.**");
  });
});
