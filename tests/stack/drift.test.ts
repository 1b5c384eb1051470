import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStack } from "../../audit/testing/scenarios.ts";
import { TestStack } from "../support/test-stack.ts";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.create("drift");
  stack.edit(openStack);
  await stack.run("up");
}, 300_000);

afterAll(() => stack.remove());

/** Everything that the engine knows, by file and digest. */
function engineState(): readonly string[] {
  const folder = join(stack.stateDir, "pulumi");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".lock"))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return `${file} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
    })
    .sort();
}

async function ruleset(repo: string) {
  const at = { owner: stack.cloud.github.organization, repo };
  const { data } = await stack.github.request("GET /repos/{owner}/{repo}/rulesets", at);
  const id = data.find(({ target }) => target === "branch")?.id ?? 0;
  return (
    await stack.github.request("GET /repos/{owner}/{repo}/rulesets/{ruleset_id}", { ...at, ruleset_id: id })
  ).data;
}

describe("npm run drift", () => {
  it("says in one line that nothing was changed outside", async () => {
    const { code, output } = await stack.try("drift");
    expect(output.trim()).toMatch(
      /^Stack `drift-\w+`: nothing was changed outside, \d+ resources as they should be\.$/,
    );
    expect(code).toBe(0);
  });

  it("names what was changed by hand, from what it should be to what it is, and writes nothing", async () => {
    const s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
    const { artifactBucket: Bucket } = await stack.outputs();
    if (typeof Bucket !== "string") throw new Error("the stack names no bucket");
    const { Rules = [] } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    const [first] = Rules.filter(({ Expiration }) => Expiration?.Days === 90);
    expect(first).toBeDefined();
    const changed = Rules.map((rule) => (rule === first ? { ...rule, Expiration: { Days: 3 } } : rule));
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: changed } }),
    );
    s3.destroy();
    const { id, rules = [] } = await ruleset("os-rootfs");
    await stack.github.request("PUT /repos/{owner}/{repo}/rulesets/{ruleset_id}", {
      owner: stack.cloud.github.organization,
      repo: "os-rootfs",
      ruleset_id: id,
      rules: rules.map((rule) =>
        rule.type === "pull_request" && rule.parameters !== undefined
          ? { ...rule, parameters: { ...rule.parameters, required_approving_review_count: 0 } }
          : rule,
      ),
    });

    const before = engineState();
    const { code, output } = await stack.try("drift");
    expect(output).toContain("Something was changed outside. 2 changed outside.");
    expect(output).toMatch(/- \*\*Protection weakened\*\*: .*`RepositoryRuleset rootfs-branch`/);
    expect(output).toMatch(/- Kept for a shorter time: /);
    expect(output).toMatch(
      /- changed `RepositoryRuleset rootfs-branch`\n {2}- `[^`]*requiredApprovingReviewCount`: `1` → `0`/,
    );
    expect(output).toMatch(
      /- changed `BucketLifecycleConfiguration artifacts`\n {2}- `rules\[builds\][^`]*days`: `90` → `3`/,
    );
    expect(output).not.toMatch(/to update|to create/);
    expect(code).toBe(2);
    expect(engineState()).toEqual(before);
    const json = await stack.try("drift", "--json");
    expect(JSON.parse(json.output.slice(json.output.indexOf("{")))).toMatchObject({
      kind: "drift",
      outcome: "changes",
      counts: { update: 2 },
    });
    expect((await ruleset("os-rootfs")).rules).not.toEqual(rules);
  });

  it("says first what is gone", async () => {
    const at = { owner: stack.cloud.github.organization, repo: "image-builder-rpi" };
    await stack.github.rest.repos.delete(at);
    const { code, output } = await stack.try("drift");
    expect(output).toContain("**Something was deleted outside.**");
    expect(output).toMatch(/- deleted `Repository raspberry-pi` .*\*\*lost: the repository with its commits/);
    expect(code).toBe(3);
  });

  it("is mended by up", async () => {
    await stack.run("up");
    expect((await stack.try("drift")).code).toBe(0);
  });
});

describe("npm run history", () => {
  it("says who changed what when, the newest first", async () => {
    const { code, output } = await stack.try("history", "--limit", "2");
    expect(code).toBe(0);
    const lines = output.split("\n");
    expect(lines[0]).toBe(`Stack ${stack.name}, the newest first:`);
    const operations = lines.filter((line) => /^\d{4}-\d\d-\d\d /.test(line));
    expect(operations).toHaveLength(2);
    expect(operations[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}up succeeded in \d+ s: \d+ created, .*\d+ resources as they were\.$/,
    );
    expect(output).toMatch(/^ {2}commit [\da-f]{12} by \S/m);
  });

  it("shows no secret and no configuration", async () => {
    const { output } = await stack.try("history", "--json");
    expect(JSON.parse(output.slice(output.indexOf("[")))).toMatchObject([
      { what: "up", result: "succeeded" },
      { what: "up" },
    ]);
    expect(output).not.toMatch(/config|secret|ciphertext|hypriotos:/i);
  });

  it("refuses a limit that is none, and an option that it does not have", async () => {
    expect(await stack.try("history", "--limit", "0")).toMatchObject({
      code: 1,
      output: expect.stringContaining("--limit: found 0, expected a number from 1 to 10,000"),
    });
    expect((await stack.try("history", "--show-secrets")).output).toContain("found --show-secrets");
  });
});
