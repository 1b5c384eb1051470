import { describe, expect, it } from "vitest";
import { connect, restUrl } from "./client.ts";
import { issueLabel } from "./issue-label.ts";
import { fileId, parseFileId } from "./repository-file.ts";
import {
  type RepositoryAnswer,
  type RepositoryInputs,
  repositoryInputs,
  settingsBody,
} from "./repository-settings.ts";
import { permissionOf } from "./team-repository.ts";
import { repositoryWebhook, webhookInputs } from "./webhook.ts";

describe("restUrl", () => {
  it.each([
    [undefined, "https://api.github.com"],
    ["https://api.github.com/", "https://api.github.com"],
    ["https://github.com", "https://api.github.com"],
    ["http://127.0.0.1:4001", "http://127.0.0.1:4001/api/v3"],
    ["http://127.0.0.1:4001/", "http://127.0.0.1:4001/api/v3"],
    ["https://github.example.org/api/v3/", "https://github.example.org/api/v3"],
  ])("%s → %s", (baseUrl, expected) => {
    expect(restUrl(baseUrl)).toBe(expected);
  });
});

describe("connect", () => {
  it("tells everything that is missing at once", () => {
    expect(() => connect({}, {})).toThrow(/^owner: missing.*\ntoken: missing/);
  });
  it("takes owner and token from the environment", () => {
    expect(connect({}, { GITHUB_OWNER: "hypriot", GITHUB_TOKEN: "t" }).owner).toBe("hypriot");
  });
});

describe("issue labels", () => {
  it("refuse a colour with a hash", () => {
    expect(issueLabel.check?.({ color: "#ffffff" }).map(({ property }) => property)).toEqual(["color"]);
    expect(issueLabel.check?.({ color: "ABCdef" })).toEqual([]);
  });
});

describe("file ids", () => {
  it("go there and back, colons in the path included", () => {
    const at = { repository: "board", file: "a:b/c.json", branch: "main" };
    expect(fileId(at)).toBe("board:a??b/c.json:main");
    expect(parseFileId(fileId(at))).toEqual(at);
  });
  it("may leave the branch out, or be of the older form", () => {
    expect(parseFileId("board:a.json:")).toEqual({ repository: "board", file: "a.json" });
    expect(parseFileId("board/dir/a.json")).toEqual({ repository: "board", file: "dir/a.json" });
    expect(() => parseFileId("board")).toThrow(/expected <repository>:<path>:<branch>/);
  });
});

describe("permissionOf", () => {
  it.each([
    [{ role_name: "read" }, "pull"],
    [{ role_name: "write" }, "push"],
    [{ role_name: "maintain" }, "maintain"],
    [{ role_name: "release-managers" }, "release-managers"],
    [{ permissions: { admin: false, push: true, pull: true } }, "push"],
  ])("%j → %s", (answer, expected) => {
    expect(permissionOf(answer)).toBe(expected);
  });
});

describe("webhookInputs", () => {
  const answer = (config: object) =>
    ({ events: ["push"], active: true, config }) as Parameters<typeof webhookInputs>[1];
  const configuration = { url: "https://x.example/hook", secret: "s3cret" };
  const prior = { repository: "board", events: ["push"], active: true, configuration };
  const shown = { url: configuration.url, content_type: "form", insecure_ssl: "0" };

  it("keeps the secret that GitHub masks, and leaves out GitHub's defaults", () => {
    expect(webhookInputs("board", answer({ ...shown, secret: "********" }), prior)).toEqual(prior);
  });
  it("shows that somebody took the secret away, or the check of certificates", () => {
    const weakened = webhookInputs("board", answer({ ...shown, insecure_ssl: "1" }), prior);
    expect(weakened.configuration).toEqual({ url: configuration.url, insecureSsl: true });
  });
  it("never shows the mask as the secret", () => {
    const imported = webhookInputs("board", answer({ ...shown, secret: "********" }), undefined);
    expect(imported.configuration).toEqual({ url: configuration.url });
  });
  it("refuses another content type", () => {
    const failures = repositoryWebhook.check?.({ configuration: { url: "ftp://x", contentType: "xml" } });
    expect(failures?.map(({ property }) => property)).toEqual([
      "configuration.contentType",
      "configuration.url",
    ]);
  });
});

describe("repository settings", () => {
  const answer = (fields: object) =>
    ({
      name: "board",
      private: false,
      visibility: "public",
      topics: [],
      ...fields,
    }) as unknown as RepositoryAnswer;
  const inputs: RepositoryInputs = { name: "board", visibility: "public", hasIssues: true };

  it("sends what the program leaves out as what it means", () => {
    expect(settingsBody(inputs)).toMatchObject({
      name: "board",
      description: "",
      has_issues: true,
      has_wiki: false,
      allow_squash_merge: true,
      squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
    });
  });
  it("sends no titles for a way to merge that is off, and no forking for a public repository", () => {
    const body = settingsBody({ ...inputs, allowSquashMerge: false, allowForking: true });
    expect(Object.keys(body).filter((key) => /squash_merge_|forking/.test(key))).toEqual([]);
    expect(settingsBody({ ...inputs, visibility: "private", allowForking: true })).toHaveProperty(
      "allow_forking",
    );
  });
  it("keeps what GitHub does not answer with", () => {
    expect(repositoryInputs(answer({}), { ...inputs, hasWiki: true }).hasWiki).toBe(true);
    expect(repositoryInputs(answer({ has_wiki: false }), { ...inputs, hasWiki: true }).hasWiki).toBe(false);
  });
  it("does not show what the program leaves to GitHub", () => {
    const found = repositoryInputs(answer({ topics: ["mine"], allow_forking: true }), { name: "board" });
    expect(found).not.toHaveProperty("topics");
    expect(found).not.toHaveProperty("allowForking");
    expect(found).not.toHaveProperty("visibility");
  });
  it("compares security settings that are given, by the SDK's names", () => {
    const given = { ...inputs, securityAndAnalysis: { secretScanning: { status: "enabled" } } };
    expect(settingsBody(given)).toMatchObject({
      security_and_analysis: { secret_scanning: { status: "enabled" } },
    });
    const security_and_analysis = {
      secret_scanning: { status: "disabled" },
      advanced_security: { status: "enabled" },
    };
    expect(repositoryInputs(answer({ security_and_analysis }), given).securityAndAnalysis).toEqual({
      secretScanning: { status: "disabled" },
    });
  });
});
