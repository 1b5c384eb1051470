import { describe, expect, it } from "vitest";
import { commentTarget, eventPullRequest, parsePullRequest } from "./pull-request.ts";

const HEAD = "a".repeat(40);
const event = (value: unknown) => eventPullRequest(JSON.stringify(value));

describe("parsePullRequest", () => {
  it("reads owner, repository and number", () => {
    expect(parsePullRequest("hypriot/flash.it#12")).toEqual({
      owner: "hypriot",
      repo: "flash.it",
      number: 12,
    });
  });

  it.each(["hypriot/flash", "flash#1", "hypriot/flash#0", "hypriot/flash#x", "a/b/c#1", "a b/c#1", "../x#1"])(
    "refuses %s",
    (text) => {
      expect(() => parsePullRequest(text)).toThrow(`--comment: found ${JSON.stringify(text)}`);
    },
  );
});

describe("eventPullRequest", () => {
  it("takes the pull request's own head, not the merge that GitHub makes of it", () => {
    expect(event({ number: 3, pull_request: { number: 3, head: { sha: HEAD } } })).toEqual({
      number: 3,
      head: HEAD,
    });
  });

  it.each([undefined, "", "{", "[]"])("finds none in %s", (text) => {
    expect(eventPullRequest(text)).toBeUndefined();
  });

  it("finds none in a push, or in one of another shape", () => {
    expect(event({ ref: "refs/heads/main" })).toBeUndefined();
    expect(event({ pull_request: { number: "3", head: { sha: HEAD } } })).toBeUndefined();
  });
});

describe("commentTarget", () => {
  it("is what the option names, else the workflow's", () => {
    const workflow = { number: 3, head: HEAD };
    expect(commentTarget("a/b#1", "c/d", workflow)).toMatchObject({ owner: "a", number: 1 });
    expect(commentTarget("", "c/d", workflow)).toEqual({ owner: "c", repo: "d", number: 3 });
  });

  it("says what is missing", () => {
    expect(() => commentTarget("", undefined, undefined)).toThrow(
      "--comment: found neither a pull request nor GITHUB_REPOSITORY and a pull request's event in GITHUB_EVENT_PATH",
    );
  });
});
