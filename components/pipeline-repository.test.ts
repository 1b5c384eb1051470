import { beforeAll, describe, expect, it } from "vitest";
import { PipelineRepository, type PipelineRepositoryArgs } from "./pipeline-repository.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

const args: PipelineRepositoryArgs = {
  repository: "image-builder-rpi",
  description: "HypriotOS SD card image for Raspberry Pi",
  visibility: "public",
  topics: ["hypriotos", "image"],
  template: { owner: "hypriot", repository: "image-builder-template", ready: [] },
  protection: {
    branch: "main",
    approvals: 1,
    strict: true,
    requiredChecks: [{ context: "hypriotos/build", integrationId: 7 }],
    bypass: [{ actorType: "Integration", actorId: 7, bypassMode: "always" }],
  },
  tagPattern: "v*",
  archiveOnDestroy: true,
  teams: { maintainers: "maintain" },
  webhook: { url: "https://dispatch.example/", secret: "shh", ready: [] },
  managedFiles: [
    { suffix: "", path: "board.json", content: "{}\n", origin: "the pipeline's config" },
    { suffix: "-release-key", path: "release-key.pem", content: "the key", origin: "the signing key" },
  ],
};

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const repository = new PipelineRepository("raspberry-pi", args);
  expect(await resolved(repository.cloneUrl)).toBe("https://github.example/image-builder-rpi.git");
});

describe("PipelineRepository", () => {
  it("starts from the template and is archived when it leaves", () => {
    expect(only(registered, ":Repository").inputs).toMatchObject({
      name: "image-builder-rpi",
      template: { owner: "hypriot", repository: "image-builder-template" },
      archiveOnDestroy: true,
      allowSquashMerge: true,
      allowMergeCommit: false,
    });
  });

  it("keeps its managed files, the first under the repository's own name", () => {
    const files = registered.filter(({ type }) => type.endsWith(":RepositoryFile"));
    expect(
      files.map(({ name, inputs }) => [name, inputs.file, inputs.content, inputs.commitMessage]),
    ).toEqual([
      ["raspberry-pi", "board.json", "{}\n", "Update board.json from the pipeline's config"],
      [
        "raspberry-pi-release-key",
        "release-key.pem",
        "the key",
        "Update release-key.pem from the signing key",
      ],
    ]);
  });

  it("protects its branch for everybody but the allowed", () => {
    expect(only(registered, ":RepositoryRuleset", "raspberry-pi-branch").inputs).toMatchObject({
      target: "branch",
      enforcement: "active",
      conditions: { refName: { includes: ["refs/heads/main"], excludes: [] } },
      bypassActors: [{ actorType: "Integration", actorId: 7, bypassMode: "always" }],
    });
  });

  it("protects release tags for everybody", () => {
    const { inputs } = only(registered, ":RepositoryRuleset", "raspberry-pi-tags");
    expect(inputs).toMatchObject({
      target: "tag",
      enforcement: "active",
      conditions: { refName: { includes: ["refs/tags/v*"], excludes: [] } },
    });
    expect(inputs.bypassActors).toBeUndefined();
  });

  it("delivers to the receiver, signed, and over verified TLS", () => {
    expect(only(registered, ":RepositoryWebhook").inputs).toMatchObject({
      active: true,
      events: ["check_run", "check_suite", "pull_request", "push"],
      configuration: {
        url: "https://dispatch.example/",
        contentType: "json",
        secret: "shh",
        insecureSsl: false,
      },
    });
  });

  it("has the team's access and the labels", () => {
    expect(only(registered, ":TeamRepository").inputs).toMatchObject({
      teamId: "maintainers",
      permission: "maintain",
    });
    expect(only(registered, ":IssueLabel", "raspberry-pi-ok-to-build").inputs).toMatchObject({
      name: "ok-to-build",
      color: "0e8a16",
    });
  });
});
