import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { badStacks, generatedConfig } from "../../tests/bad-stacks/cases.ts";
import { parseConfig, serializeConfig } from "./parse.ts";
import { formatProblem } from "./problems.ts";
import { neighbourClaims, stackFileConfig, stackFiles } from "./stack-files.ts";

const stacks = join(import.meta.dirname, "../../stacks");

/** As short as a stack file can be. */
const minimal = {
  "hypriotos:organization": { name: "Hypriot", teams: { maintainers: "push" } },
  "hypriotos:boards": {
    "banana-pi": {
      title: "Banana Pi",
      architecture: "armhf",
      kernel: { package: "linux-image-armmp" },
      boot: { method: "raspi-firmware" },
    },
  },
  "hypriotos:runners": {
    here: { kind: "docker", host: "unix:///var/run/docker.sock", architectures: ["arm64", "armhf"] },
  },
  "hypriotos:githubApp": { id: 7 },
  "hypriotos:providers": { aws: { region: "eu-central-1" } },
};

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reverseKeys(item)]),
  );
}

describe("parseConfig", () => {
  it("fills in every default of a minimal stack", () => {
    expect(parseConfig(minimal, "test").config).toEqual({
      stack: "test",
      organization: {
        name: "Hypriot",
        visibility: "public",
        teams: { maintainers: "push" },
        archiveOnDestroy: true,
        webhookSecretVersion: 1,
      },
      boards: {
        "banana-pi": {
          title: "Banana Pi",
          repository: "image-builder-banana-pi",
          bootTest: "tags",
          architecture: "armhf",
          kernel: { package: "linux-image-armmp" },
          boot: { method: "raspi-firmware" },
          deviceTrees: [],
          partitions: { boot: { sizeMiB: 256 }, root: { sizeMiB: 1536 } },
          console: "ttyS0,115200",
          extraPackages: [],
        },
      },
      rootfs: {
        repository: "os-rootfs",
        release: "trixie",
        docker: { source: "debian" },
        architectures: ["armhf"],
      },
      kernels: {},
      runners: {
        here: {
          kind: "docker",
          host: "unix:///var/run/docker.sock",
          architectures: ["arm64", "armhf"],
          slots: 1,
          limits: { memoryMiB: 4096, cpus: 2, minutes: 60, diskMiB: 16_384 },
        },
      },
      builder: { baseImage: "debian:trixie-slim" },
      artifacts: {
        bucket: "hypriot-test-artifacts",
        forceDestroy: false,
        publicDownloads: false,
        retention: { buildsDays: 90, pullRequestsDays: 14, cacheDays: 30, noncurrentDays: 7 },
      },
      release: { tagPattern: "v*" },
      protection: {
        requiredChecks: ["hypriotos/build"],
        externalChecks: [],
        approvals: 1,
        strict: true,
        bypass: [{ kind: "app", id: 7, mode: "always" }],
      },
      functions: { logRetentionDays: 30, memoryMiB: 256, timeoutSeconds: 30, secretRecoveryDays: 7 },
      alarms: { emails: [], queueAgeMinutes: 60 },
      policies: { advisory: [], disabled: [], exceptions: [] },
      githubApp: { id: 7 },
      providers: { aws: { region: "eu-central-1" }, github: {} },
      tags: {},
    });
  });

  it("leaves other namespaces alone", () => {
    const raw = { ...minimal, "aws:region": "nowhere", "hypriotos-old:boards": 1 };
    expect(parseConfig(raw, "test")).toEqual(parseConfig(minimal, "test"));
  });

  it("takes an App's key only as a secret, and keeps it out of the configuration", () => {
    const raw = {
      ...minimal,
      "hypriotos:githubAppPrivateKey": { secure: "v1:ciphertext" },
    };
    const { config } = parseConfig(raw, "test");
    expect(config?.githubApp).toEqual({ id: 7 });
    expect(JSON.stringify(config)).not.toContain("ciphertext");
  });

  it("lets a name be another stack's where the cloud is another", () => {
    const elsewhere = {
      ...minimal,
      "hypriotos:organization": { name: "hypriot", teams: { maintainers: "push" } },
      "hypriotos:providers": {
        aws: { region: "eu-central-1" },
        github: { baseUrl: "https://github.example/" },
      },
    };
    expect(parseConfig(elsewhere, "test", neighbourClaims(stacks, "test")).problems).toBeUndefined();
  });

  it("reports what is wrong between settings even where each has another problem", () => {
    const raw = {
      ...minimal,
      "hypriotos:boards": {
        a: { title: "", architecture: "armel", repository: "same" },
        b: { title: 1, architecture: "arm64", repository: "same" },
      },
      "hypriotos:runners": { here: { kind: "docker", host: "tcp://a", architectures: ["arm64"] } },
    };
    const lines = parseConfig(raw, "test").problems?.map(formatProblem);
    expect(lines).toContain(
      'hypriotos:boards.b.repository: found "same", expected a repository of its own: this one belongs to hypriotos:boards.a',
    );
    expect(lines).toContain(
      'hypriotos:boards.a.architecture: found "armel", expected an architecture that a runner builds: arm64',
    );
  });

  it("says nothing about architectures without a runner where a runner's are unknown", () => {
    const raw = { ...minimal, "hypriotos:runners": { here: { kind: "docker", host: "unix:///a" } } };
    expect(parseConfig(raw, "test").problems?.map(formatProblem)).toEqual([
      "hypriotos:runners.here.architectures: found nothing, expected a list of architectures",
    ]);
  });
});

describe("the stack files", () => {
  it.each([...stackFiles(stacks)])(
    "%s is right, and the same once its defaults are spelled out",
    (stack, path) => {
      const claims = neighbourClaims(stacks, stack);
      const { config, problems } = parseConfig(stackFileConfig(readFileSync(path, "utf8")), stack, claims);
      expect(problems).toBeUndefined();
      if (config === undefined) throw new Error("no problem, no config");
      expect(parseConfig(serializeConfig(config), stack, claims).config).toEqual(config);
    },
  );
});

describe("bad stack files", () => {
  const cases = badStacks();
  const claims = neighbourClaims(stacks, "none of them");

  it("are at least thirty, each of its own name", () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(30);
  });

  it("give the same whatever the order of their keys: the engine hands them over sorted", () => {
    for (const { text, stack, problems } of cases) {
      if (text.length > 100_000) continue;
      const reversed = reverseKeys(stackFileConfig(text)) as Record<string, unknown>;
      const result = parseConfig(reversed, stack, claims);
      expect(result.problems?.map(formatProblem)).toEqual(problems);
    }
  });

  it.each(cases.map((bad) => [bad.name, bad] as const))("%s", (_name, { text, stack, problems }) => {
    const config = generatedConfig(text) ?? stackFileConfig(text);
    expect(parseConfig(config, stack, claims).problems?.map(formatProblem)).toEqual(problems);
  });
});
