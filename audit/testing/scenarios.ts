import type { Document } from "yaml";
import { ORANGE_PI } from "../../tests/support/orange-pi.ts";
import type { TestStack } from "../../tests/support/test-stack.ts";

/** A change that a reviewer meets, made to the stack file of a pipeline that stands. */
export interface Scenario {
  readonly name: string;
  readonly edit?: (file: Document) => void;
  /** Done to the cloud, outside of the program. */
  readonly outside?: (stack: TestStack) => Promise<void>;
  /** Puts it back. */
  readonly after?: (stack: TestStack) => Promise<void>;
}

const set = (file: Document, value: unknown, ...path: string[]) =>
  file.setIn(["config", `hypriotos:${path[0]}`, ...path.slice(1)], value);
const remove = (file: Document, ...path: string[]) =>
  void file.deleteIn(["config", `hypriotos:${path[0]}`, ...path.slice(1)]);

/** What stands before each change: the local pipeline, guarded as production is. */
export function guardedStack(file: Document): void {
  set(file, true, "organization", "archiveOnDestroy");
  set(file, { maintainers: "push" }, "organization", "teams");
  set(
    file,
    { retention: { buildsDays: 90, pullRequestsDays: 30, cacheDays: 60, noncurrentDays: 30 } },
    "artifacts",
  );
  set(file, 1, "protection", "approvals");
  set(file, { logRetentionDays: 90, secretRecoveryDays: 30 }, "functions");
  set(file, { emails: ["pipeline@hypriot.example"], queueAgeMinutes: 30 }, "alarms");
  set(file, {}, "policies");
}

/** What stands before the changes that a guarded pipeline refuses. */
export function openStack(file: Document): void {
  guardedStack(file);
  set(file, false, "organization", "archiveOnDestroy");
  set(file, { forceDestroy: true }, "artifacts");
  set(file, { advisory: ["repositories-kept"] }, "policies");
}

const description = (text: string) => async (stack: TestStack) => {
  const { organization } = stack.cloud.github;
  await stack.github.rest.repos.update({ owner: organization, repo: "image-builder-rpi", description: text });
};

export const GUARDED: readonly Scenario[] = [
  { name: "no-change" },
  { name: "board-added", edit: (file) => set(file, ORANGE_PI, "boards", "orange-pi-pc") },
  { name: "board-removed", edit: (file) => remove(file, "boards", "banana-pi") },
  {
    name: "board-renamed",
    edit: (file) => {
      const board = file.getIn(["config", "hypriotos:boards", "banana-pi"], true);
      remove(file, "boards", "banana-pi");
      file.setIn(["config", "hypriotos:boards", "banana-pi-m1"], board);
    },
  },
  {
    name: "board-title-changed",
    edit: (file) => set(file, "Banana Pi M1 and M1+", "boards", "banana-pi", "title"),
  },
  {
    name: "board-repository-renamed",
    edit: (file) => set(file, "image-builder-raspberry-pi", "boards", "raspberry-pi", "repository"),
  },
  {
    name: "runner-host-changed",
    edit: (file) => set(file, "unix:///run/docker.sock", "runners", "this-machine", "host"),
  },
  {
    name: "runner-added",
    edit: (file) =>
      set(
        file,
        { kind: "docker", host: "unix:///var/run/docker.sock", architectures: ["arm64"], slots: 2 },
        "runners",
        "second",
      ),
  },
  {
    name: "runner-kind-switched",
    edit: (file) =>
      set(file, { kind: "codebuild", architectures: ["arm64", "armhf"] }, "runners", "this-machine"),
  },
  { name: "runner-slots-raised", edit: (file) => set(file, 4, "runners", "this-machine", "slots") },
  {
    name: "retention-shortened",
    edit: (file) =>
      set(
        file,
        { buildsDays: 14, pullRequestsDays: 7, cacheDays: 60, noncurrentDays: 1 },
        "artifacts",
        "retention",
      ),
  },
  {
    name: "retention-lengthened",
    edit: (file) => set(file, 365, "artifacts", "retention", "buildsDays"),
  },
  { name: "log-retention-shortened", edit: (file) => set(file, 14, "functions", "logRetentionDays") },
  { name: "reviews-off", edit: (file) => set(file, 0, "protection", "approvals") },
  { name: "strict-off", edit: (file) => set(file, false, "protection", "strict") },
  {
    name: "bypass-for-a-team",
    edit: (file) =>
      file.addIn(["config", "hypriotos:protection", "bypass"], {
        kind: "team",
        team: "maintainers",
        mode: "always",
      }),
  },
  {
    name: "bypass-for-admins-by-pull-request",
    edit: (file) =>
      file.addIn(["config", "hypriotos:protection", "bypass"], {
        kind: "organization-admin",
        mode: "pull_request",
      }),
  },
  { name: "bucket-no-longer-protected", edit: (file) => set(file, true, "artifacts", "forceDestroy") },
  {
    name: "protected-bucket-replaced",
    edit: (file) => set(file, "hypriot-artifacts", "artifacts", "bucket"),
  },
  { name: "webhook-secrets-rotated", edit: (file) => set(file, 2, "organization", "webhookSecretVersion") },
  { name: "team-raised", edit: (file) => set(file, "admin", "organization", "teams", "maintainers") },
  { name: "repositories-private", edit: (file) => set(file, "private", "organization", "visibility") },
  { name: "tag-pattern-narrowed", edit: (file) => set(file, "v[0-9]*", "release", "tagPattern") },
  {
    name: "alarm-address-changed",
    edit: (file) => set(file, ["somebody@hypriot.example"], "alarms", "emails"),
  },
  { name: "alarm-later", edit: (file) => set(file, 240, "alarms", "queueAgeMinutes") },
  { name: "tags-on-everything", edit: (file) => set(file, { "cost-center": "images" }, "tags") },
  { name: "function-memory-raised", edit: (file) => set(file, 512, "functions", "memoryMiB") },
  { name: "archive-off", edit: (file) => set(file, false, "organization", "archiveOnDestroy") },
  {
    name: "exception-expired",
    edit: (file) => {
      set(file, 0, "protection", "approvals");
      set(
        file,
        [
          {
            policy: "reviews-required",
            resource: "github:index/repositoryRuleset:RepositoryRuleset::rootfs-branch",
            reason: "the only other maintainer is away",
            expires: "2026-01-31",
          },
          {
            policy: "reviews-required",
            resource: "github:index/repositoryRuleset:RepositoryRuleset::banana-pi-branch",
            reason: "the only other maintainer is away",
            expires: "2099-12-31",
          },
        ],
        "policies",
        "exceptions",
      );
    },
  },
  {
    name: "changed-by-hand",
    outside: description("somebody edited this"),
    after: description("HypriotOS images for Raspberry Pi 3, 4 and Zero 2"),
  },
];

export const OPEN: readonly Scenario[] = [
  { name: "bucket-replaced", edit: (file) => set(file, "hypriot-artifacts", "artifacts", "bucket") },
  { name: "board-deleted", edit: (file) => remove(file, "boards", "banana-pi") },
];
