import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { badStacks } from "../../tests/bad-stacks/cases.ts";
import { stackFileSchema } from "./json-schema.ts";
import { configReference } from "./reference.ts";
import { stackFiles } from "./stack-files.ts";

const root = join(import.meta.dirname, "../..");
const schema = stackFileSchema();
const validate = new Ajv({ allErrors: true, strict: true }).compile(schema);

/** Ten thousand boards take seconds to read as YAML, and are wrong in what others are too. */
const MAXIMUM_LENGTH = 100_000;

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

describe("the JSON Schema of stack files", () => {
  it("is the one that the stack files point to: run `npm run schema` after a change", () => {
    expect(JSON.parse(read("stacks/stack.schema.json"))).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it("is what docs/config.md was made from: run `npm run schema` after a change", () => {
    expect(read("docs/config.md")).toBe(configReference(schema));
  });

  it.each([...stackFiles(join(root, "stacks"))])(
    "takes the stack file of %s, which names it",
    (_stack, path) => {
      const text = readFileSync(path, "utf8");
      validate(parse(text));
      expect(validate.errors).toBeNull();
      expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=stack.schema.json");
    },
  );

  it("takes what the engine and other programs keep in a stack file", () => {
    const file = parse(read("stacks/Pulumi.local.yaml"));
    const withMore = {
      encryptionsalt: "v1:abc",
      ...file,
      config: {
        ...file.config,
        "aws:region": "us-east-1",
        "hypriotos:githubAppPrivateKey": { secure: "v1:abc" },
      },
    };
    expect(validate(withMore)).toBe(true);
  });

  it("refuses every bad stack file but those that are wrong between settings, or in what no keyword can say", () => {
    const taken = badStacks().filter(
      ({ text }) => text.length < MAXIMUM_LENGTH && validate(parse(text) ?? {}),
    );
    expect(taken.map(({ name }) => name)).toEqual([
      "approvals-by-nobody",
      "architecture-without-runner",
      "boot-architecture",
      "bypass-not-for-the-program",
      "bypass-without-access",
      "codebuild-shares-queue",
      "docker-architectures",
      "local-aws-with-real-github",
      "name-of-runner-too-long",
      "name-of-stack-too-long",
      "name-of-stack",
      "name-reserved",
      "plain-http",
      "renamed",
      "repository-of-another-stack",
      "repository-of-default",
      "repository-of-rootfs",
      "repository-twice",
      "retention-of-pull-requests",
      "rootfs-and-runner-lack-architecture",
      "rootfs-without-architecture",
      "tag-pattern",
      "three-hundred-problems",
    ]);
  });
});
