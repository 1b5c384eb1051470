import { describe, expect, it } from "vitest";
import { commentBody, commentMarker, ownComments, type PullComment } from "./comment.ts";

const comment = (id: number, author: string | undefined, body: string): PullComment => ({
  id,
  author,
  body,
  url: `https://github.example/${id}`,
});
const report = commentBody("production", "### Stack `production`\n\n");

describe("commentBody", () => {
  it("has a first line that nobody sees, and the report", () => {
    expect(report).toBe("<!-- hypriotos-audit stack=production -->\n### Stack `production`\n");
  });
});

describe("ownComments", () => {
  const ids = (...comments: PullComment[]) => ownComments(comments, "production", "bot").map(({ id }) => id);

  it("finds a stack's comment, the oldest first", () => {
    expect(ids(comment(9, "bot", report), comment(2, "bot", "Thanks!"), comment(4, "bot", report))).toEqual([
      4, 9,
    ]);
  });

  it("leaves another stack's alone, also one whose name begins the same", () => {
    expect(ids(comment(1, "bot", commentBody("production-2", "")))).toEqual([]);
    expect(ids(comment(1, "bot", commentBody("staging", "")))).toEqual([]);
  });

  it("leaves a comment of somebody who pasted the marker", () => {
    expect(ids(comment(1, "somebody", report), comment(2, undefined, report))).toEqual([]);
  });

  it("wants the marker as the whole first line: one that is quoted is talked about", () => {
    expect(ids(comment(1, "bot", `> ${report}`), comment(2, "bot", `Look:\n${report}`))).toEqual([]);
    expect(ids(comment(1, "bot", `${commentMarker("production")} and more`))).toEqual([]);
  });

  it("knows a body whose lines end as browsers send them", () => {
    expect(ids(comment(1, "bot", report.replaceAll("\n", "\r\n")))).toEqual([1]);
  });
});
