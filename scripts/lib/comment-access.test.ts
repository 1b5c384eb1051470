import { RequestError } from "@octokit/request-error";
import { describe, expect, it } from "vitest";
import { commentAccess, failureSentence, ignoringExisting } from "./comment-access.ts";

const request = {
  method: "POST" as const,
  url: "https://api.github.com/x",
  headers: { authorization: "token t" },
};
const answered = (status: number, message: string, data: unknown = {}) =>
  new RequestError(message, status, {
    request,
    response: { status, url: request.url, headers: {}, data },
  });

describe("commentAccess", () => {
  it("takes a token of its own first: that of GITHUB_TOKEN may be the provider's", () => {
    const access = commentAccess({ GITHUB_TOKEN: "provider", AUDIT_COMMENT_TOKEN: "comment" });
    expect(access).toEqual({ token: "comment", apiUrl: "https://api.github.com", login: undefined });
  });

  it("writes where the workflow's GitHub is, as its bot or as it is told", () => {
    const env = { GITHUB_TOKEN: "t", GITHUB_API_URL: "http://127.0.0.1:1/", GITHUB_ACTIONS: "true" };
    expect(commentAccess(env)).toMatchObject({
      apiUrl: "http://127.0.0.1:1",
      login: "github-actions[bot]",
    });
    expect(commentAccess({ ...env, AUDIT_COMMENT_AS: "own[bot]" }).login).toBe("own[bot]");
  });

  it("says which variable is missing", () => {
    expect(() => commentAccess({ GITHUB_TOKEN: "" })).toThrow("AUDIT_COMMENT_TOKEN or GITHUB_TOKEN");
  });
});

describe("failureSentence", () => {
  it.each([
    [403, "the token needs write access"],
    [404, "there is no such pull request"],
    [502, "try again later"],
  ])("advises on %i", (status, advice) => {
    const sentence = failureSentence("writing the comment", answered(status, "Said\nso\u001b[2J"));
    expect(sentence).toContain(`writing the comment failed, GitHub answered ${status} (Said so␛[2J): `);
    expect(sentence).toContain(advice);
  });

  it("says what was wrong with what was sent", () => {
    expect(failureSentence("x", answered(422, "Validation Failed: body is too long"))).toBe(
      "x failed, GitHub answered 422 (Validation Failed: body is too long)",
    );
  });

  it("tells an answer from none", () => {
    const none = new RequestError("fetch failed", 500, { request });
    expect(failureSentence("x", none)).toBe("x failed, GitHub did not answer: fetch failed");
  });
});

describe("ignoringExisting", () => {
  it("takes only that it is there already for no failure", () => {
    const there = answered(422, "Validation Failed", { errors: [{ code: "already_exists" }] });
    expect(ignoringExisting(there)).toBeUndefined();
    expect(() => ignoringExisting(answered(422, "Validation Failed"))).toThrow("Validation Failed");
    expect(() => ignoringExisting(new Error("other"))).toThrow("other");
  });
});
