import { join } from "node:path";
import { isSecret } from "@pulumi/pulumi/output.js";
import { setAllConfig } from "@pulumi/pulumi/runtime/config.js";
import { setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadConfig } from "./load.ts";

const noStacks = join(import.meta.dirname, "no-such-folder");

const plain = {
  "hypriotos:organization": JSON.stringify({ name: "hypriot", teams: { maintainers: "push" } }),
  "hypriotos:boards": JSON.stringify({
    pi: {
      title: "Pi",
      architecture: "arm64",
      kernel: { package: "linux-image-arm64" },
      boot: { method: "raspi-firmware" },
    },
  }),
  "hypriotos:runners": JSON.stringify({
    here: { kind: "docker", host: "unix:///run/docker.sock", architectures: ["arm64"] },
  }),
  "hypriotos:githubApp": JSON.stringify({ id: 1 }),
  "hypriotos:providers": JSON.stringify({ aws: { region: "eu-central-1" } }),
};

/** As the engine hands a configuration over: the secrets' keys are in a variable beside the values. */
function configure(values: Record<string, string>, secretKeys: string[]): void {
  setAllConfig(values, secretKeys);
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", JSON.stringify(secretKeys));
}

beforeEach(async () => {
  await setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "hypriotos",
    "test",
    false,
  );
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("loadConfig", () => {
  it("gives the configuration of the running stack", async () => {
    vi.stubEnv("GITHUB_APP_PRIVATE_KEY", "from the environment");
    configure(plain, []);
    const { config, secrets } = loadConfig(noStacks);
    expect(config.stack).toBe("test");
    expect(Object.keys(config.boards)).toEqual(["pi"]);
    expect(await isSecret(secrets.githubAppPrivateKey)).toBe(true);
  });

  it("says what is missing where nobody gave the App's key", () => {
    vi.stubEnv("GITHUB_APP_PRIVATE_KEY", "");
    configure(plain, []);
    expect(() => loadConfig(noStacks)).toThrow(
      "stack test has 1 problem in its configuration; nothing was touched:\n  hypriotos:githubAppPrivateKey: found nothing, expected a secret",
    );
  });

  it("gives secrets as secret outputs, apart from the configuration", async () => {
    const secret = "-----BEGIN PRIVATE KEY-----";
    configure({ ...plain, "hypriotos:githubApp": '{"id":1}', "hypriotos:githubAppPrivateKey": secret }, [
      "hypriotos:githubAppPrivateKey",
    ]);
    const { config, secrets } = loadConfig(noStacks);
    expect(JSON.stringify(config)).not.toContain(secret);
    expect(await isSecret(secrets.githubAppPrivateKey)).toBe(true);
  });

  it("throws one error with every problem, and shows no secret in it", () => {
    vi.stubEnv("GITHUB_APP_PRIVATE_KEY", "from the environment");
    configure(
      {
        ...plain,
        "hypriotos:board": "{}",
        "hypriotos:githubApp": '{"key":"hunter2"}',
        "hypriotos:tags": "[]",
      },
      ["hypriotos:githubApp"],
    );
    expect(() => loadConfig(noStacks)).toThrow(
      expect.objectContaining({
        __pulumiRunError: true,
        message: [
          "stack test has 3 problems in its configuration; nothing was touched:",
          '  hypriotos:board: found an unknown key, expected one of organization, boards, rootfs, kernels, runners, builder, artifacts, release, protection, functions, alarms, policies, githubApp, providers, tags, githubAppPrivateKey — did you mean "boards"?',
          "  hypriotos:githubApp: found a secret in it, expected plain values: a secret has a key of its own in the stack file",
          "  hypriotos:tags: found an empty list, expected a mapping of tag keys to values",
        ].join("\n"),
      }),
    );
  });
});
