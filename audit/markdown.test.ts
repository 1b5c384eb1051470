import { describe, expect, it } from "vitest";
import type { Change } from "./changes.ts";
import { COMMENT_BUDGET, renderMarkdown } from "./markdown.ts";
import { makeReport } from "./report.ts";
import { code } from "./text.ts";

const change = (index: number, more: Partial<Change> = {}): Change => {
  const name = `part-${index}`;
  const type = `aws:kind${index}/queue:Queue`;
  return {
    urn: `urn:pulumi:s::p::${type}::${name}`,
    type,
    name,
    action: "update",
    components: [`Part${String.fromCharCode(65 + (index % 26))} ${name}`],
    old: {},
    new: {},
    oldState: undefined,
    newState: undefined,
    properties: [{ path: `property${index}`, old: "a".repeat(100), new: "b".repeat(100) }],
    forcedBy: [],
    gap: false,
    whole: undefined,
    ...more,
  };
};
const report = (changes: readonly Change[]) =>
  makeReport(
    { changes, unchanged: 0, policies: [], diagnostics: [], complete: true },
    { stack: "s", levels: {} },
  );

describe("renderMarkdown", () => {
  const many = report([
    ...Array.from({ length: 10_000 }, (_, index) => change(index)),
    change(1, {
      urn: "urn:pulumi:s::p::aws:s3/bucket:Bucket::artifacts",
      type: "aws:s3/bucket:Bucket",
      action: "replace",
    }),
  ]);

  it("fits into a comment, with summary and destructive steps, and says what is left out", () => {
    const text = renderMarkdown(many, { budget: COMMENT_BUDGET, full: "https://ci.example/1" });
    expect(text.length).toBeLessThanOrEqual(COMMENT_BUDGET);
    expect(text).toContain("10,000 to update, 1 to replace");
    expect(text).toContain("- replace `Bucket artifacts`");
    expect(text).toMatch(
      /Left out or shortened, to fit into a comment: .* The full report: https:\/\/ci\.example\/1/,
    );
  });

  it("leaves nothing out of the full report", () => {
    const text = renderMarkdown(many);
    for (const index of [0, 4_999, 9_999]) expect(text).toContain(`\`property${index}\``);
  });

  it("says in one line that nothing changes", () => {
    expect(renderMarkdown(report([]))).toBe("Stack `s`: no changes, 0 resources as they are.\n");
  });

  it("bounds destructive steps and risks by telling the same ones together", () => {
    const gone = Array.from({ length: 5_000 }, (_, index) =>
      change(index, {
        action: "delete",
        type: "github:index/repository:Repository",
        urn: `urn:pulumi:s::p::github:index/repository:Repository::board-${index}`,
      }),
    );
    const text = renderMarkdown(report(gone), { budget: COMMENT_BUDGET });
    expect(text.length).toBeLessThanOrEqual(COMMENT_BUDGET);
    expect(text).toContain("- delete 5,000 `Repository`: ");
  });
});

describe("code", () => {
  it.each([
    ["plain", "`plain`"],
    ["with ` tick", "``with ` tick``"],
    ["`", "`` ` ``"],
    ["two\nlines", "`two⏎lines`"],
    ["\u001b[31mred", "`·[31mred`"],
    ["", "`  `"],
  ])("%j", (text, expected) => {
    expect(code(text)).toBe(expected);
  });
});
