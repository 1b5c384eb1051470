import { expect, test } from "vitest";
import { mergeConfig } from "./hooks.ts";
import { reviewState } from "./merge.ts";
import { mergeSettings } from "./repositories.ts";

test("each reviewer's last word counts, and only those with a say", () => {
  const reviews = [
    { user_id: 1, state: "CHANGES_REQUESTED" },
    { user_id: 1, state: "APPROVED" },
    { user_id: 1, state: "COMMENTED" },
    { user_id: 2, state: "APPROVED" },
    { user_id: 2, state: "DISMISSED" },
    { user_id: 3, state: "APPROVED" },
    { user_id: 4, state: "CHANGES_REQUESTED" },
  ];
  expect(reviewState(reviews, (user) => user < 4)).toEqual({ approvals: 2, changesRequested: false });
  expect(reviewState(reviews, () => true)).toEqual({ approvals: 2, changesRequested: true });
});

test("a hook's configuration keeps what a change does not name", () => {
  const current = mergeConfig({
    url: "http://localhost/",
    content_type: "json",
    secret: "s",
    insecure_ssl: 1,
  });
  expect(current).toEqual({ url: "http://localhost/", content_type: "json", secret: "s", insecure_ssl: "1" });
  expect(mergeConfig({ url: "http://localhost/new" }, current)).toEqual({
    ...current,
    url: "http://localhost/new",
  });
  expect(mergeConfig({ secret: "********" }, current)).toEqual(current);
  expect(mergeConfig({ secret: "t" }, current)).toEqual({ ...current, secret: "t" });
  expect(mergeConfig({ secret: "" }, current)).not.toHaveProperty("secret");
  expect(() => mergeConfig({ url: "here" })).toThrow("Validation Failed");
  expect(() => mergeConfig({ url: "http://x", content_type: "xml" })).toThrow("Validation Failed");
});

test("settings that a repository has not are dropped, nested ones merged", () => {
  const merged = mergeSettings(
    { allow_update_branch: true },
    {
      nonsense: 1,
      web_commit_signoff_required: true,
      merge_commit_title: null,
      security_and_analysis: { secret_scanning: { status: "enabled" } },
    },
  );
  expect(merged).toEqual({
    allow_update_branch: true,
    web_commit_signoff_required: true,
    security_and_analysis: {
      secret_scanning: { status: "enabled" },
      secret_scanning_push_protection: { status: "disabled" },
      dependabot_security_updates: { status: "disabled" },
    },
  });
});
