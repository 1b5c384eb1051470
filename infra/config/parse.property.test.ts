import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ARCHITECTURES } from "../../contracts/architecture.ts";
import { decodeConfig } from "./decode.ts";
import { parseConfig, serializeConfig } from "./parse.ts";
import { formatProblem, type Path, valueAt } from "./problems.ts";
import { SECRET_KEYS, SECTIONS } from "./schema.ts";
import { stackFileConfig } from "./stack-files.ts";

const local = stackFileConfig(
  readFileSync(join(import.meta.dirname, "../../stacks/Pulumi.local.yaml"), "utf8"),
);

const key = fc.oneof(
  fc.constantFrom(
    ...[...Object.keys(SECTIONS), ...Object.keys(SECRET_KEYS)].map((name) => `hypriotos:${name}`),
  ),
  fc.string().map((name) => `hypriotos:${name}`),
);

/** Every place of the local stack's configuration, as paths from its top. */
const places = pathsOf(local);

function pathsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [
    [name],
    ...pathsOf(item).map((rest) => [name, ...rest]),
  ]);
}

function replaceAt(value: unknown, path: Path, replacement: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return replacement;
  const inner = replaceAt(valueAt(value, [first]), rest, replacement);
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === String(first) ? inner : item));
  return { ...Object(value), [first]: inner };
}

/** One line each, without anything that does not print. */
function expectReadable(lines: readonly string[]): void {
  for (const line of lines) {
    expect(line).toMatch(
      /^(hypriotos:[^\p{C}\p{Zl}\p{Zp}]+|stack name): found [^\p{C}]+, expected [^\p{C}]+$/u,
    );
    expect(line.length).toBeLessThan(2_000);
  }
}

describe("parseConfig", () => {
  it("never throws, and gives either a configuration or readable problems", () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue({ maxDepth: 4 })), fc.string(), (raw, stack) => {
        const { config, problems } = parseConfig(raw, stack);
        expect(config === undefined).toBe(problems !== undefined);
        if (problems === undefined) return;
        expect(problems.length).toBeGreaterThan(0);
        expectReadable(problems.map(formatProblem));
      }),
      { numRuns: 500 },
    );
  });

  it("reports any one changed value under its own section, or under one that depends on it", () => {
    const dependent = ["boards", "runners", "rootfs", "organization", "protection", "providers"].map(
      (name) => `hypriotos:${name}`,
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 3 }), (path, value) => {
        const raw = replaceAt(local, path, value) as Record<string, unknown>;
        const { problems = [] } = parseConfig(raw, "local");
        expectReadable(problems.map(formatProblem));
        const section = String(path[0]);
        const allowed = dependent.includes(section) ? [...dependent, "stack name"] : [section];
        for (const problem of problems) {
          expect(allowed.filter((name) => problem.path.startsWith(name))).toHaveLength(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("shows what stands at the path that it names", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom("§", -7, null, [], false), (path, value) => {
        const raw = replaceAt(local, path, value) as Record<string, unknown>;
        for (const { path: named, found } of parseConfig(raw, "local").problems ?? []) {
          if (!/^hypriotos:[\w.-]+$/.test(named) || found.startsWith("nothing")) continue;
          const [section = "", ...rest] = named.split(".");
          const given = valueAt(raw[section], rest);
          expect([found, given === undefined]).toEqual([found, found.endsWith("(the default)")]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same for a configuration with every default spelled out", () => {
    fc.assert(
      fc.property(validStack(), (raw) => {
        const { config, problems } = parseConfig(raw, "test");
        expect(problems?.map(formatProblem)).toBeUndefined();
        if (config === undefined) return;
        expect(parseConfig(serializeConfig(config), "test").config).toEqual(config);
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same for the engine's form of a stack file", () => {
    fc.assert(
      fc.property(validStack(), (raw) => {
        const values = Object.fromEntries(
          Object.entries(raw).map(([name, value]) => [name, JSON.stringify(value)]),
        );
        const decoded = decodeConfig({ values, secretKeys: new Set() });
        expect(parseConfig(decoded, "test")).toEqual(parseConfig(raw, "test"));
      }),
      { numRuns: 100 },
    );
  });
});

/** Stack files without an error, with any settings left out. */
function validStack() {
  const architecture = fc.constantFrom(...ARCHITECTURES);
  const slug = fc.stringMatching(/^[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,7})?$/).filter((name) => name !== "rootfs");
  const board = fc.record(
    {
      title: fc.stringMatching(/^[A-Z][a-z]{0,20}$/),
      architecture,
      kernel: fc.constant({ package: "linux-image" }),
      boot: fc.constantFrom({ method: "u-boot", package: "u-boot", file: "a/b.bin", offsetKiB: 8 }),
      console: fc.constantFrom("ttyS0", "ttyAMA0,115200"),
      deviceTrees: fc.uniqueArray(fc.constantFrom("a.dtb", "b/c.dtb")),
      partitions: fc.record({ root: fc.record({ sizeMiB: fc.integer({ min: 512, max: 16384 }) }) }),
    },
    { requiredKeys: ["title", "architecture", "kernel", "boot"] },
  );
  const sections = {
    "hypriotos:organization": fc.constant({ name: "Hypriot", teams: { maintainers: "admin" } }),
    "hypriotos:boards": fc.dictionary(slug, board, { minKeys: 1, maxKeys: 5 }),
    "hypriotos:runners": fc.dictionary(
      slug,
      fc.record(
        {
          kind: fc.constant("docker"),
          host: fc.constantFrom("unix:///run/docker.sock", "ssh://builder@arm-1:22"),
          architectures: fc.constant([...ARCHITECTURES]),
          slots: fc.integer({ min: 1, max: 64 }),
        },
        { requiredKeys: ["kind", "host", "architectures"] },
      ),
      { minKeys: 1, maxKeys: 3 },
    ),
    "hypriotos:kernels": fc.dictionary(
      // A board's name may begin with kernel-, and a template's repository is called kernel-template.
      fc.stringMatching(/^z[a-z0-9]{0,7}$/),
      fc.record({
        configs: fc.constantFrom(
          { arm64: { from: "debian", flavour: "arm64" } },
          {
            armhf: { from: "source", target: "multi_v7_defconfig" },
            amd64: { from: "source", target: "defconfig" },
          },
        ),
      }),
      { maxKeys: 2 },
    ),
    "hypriotos:providers": fc.constantFrom(
      { aws: { region: "eu-central-1" } },
      {
        aws: { region: "us-east-1", endpoint: "http://127.0.0.1:1" },
        github: { baseUrl: "http://[::1]:2/" },
      },
    ),
    "hypriotos:rootfs": fc.constantFrom({}, { architectures: [...ARCHITECTURES] }),
    "hypriotos:artifacts": fc.constantFrom({ bucket: "abc" }, { retention: { cacheDays: 1 } }),
    "hypriotos:protection": fc.record(
      {
        approvals: fc.integer({ min: 0, max: 6 }),
        bypass: fc.constant([{ kind: "team", team: "maintainers", mode: "always" }]),
      },
      { requiredKeys: [] },
    ),
    "hypriotos:release": fc.constantFrom({}, { tagPattern: "v[0-9]*.?.*" }),
    "hypriotos:alarms": fc.constant({ emails: ["a@b.example"] }),
    "hypriotos:githubApp": fc.constant({ id: 1 }),
    "hypriotos:tags": fc.constant({ owner: "hypriot" }),
  };
  return fc.record(sections, {
    requiredKeys: [
      "hypriotos:organization",
      "hypriotos:boards",
      "hypriotos:runners",
      "hypriotos:providers",
      "hypriotos:githubApp",
    ],
  });
}
