import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCheck } from "../support/builds.ts";
import { Clone } from "../support/clone.ts";
import { TestStack } from "../support/test-stack.ts";
import { until } from "../support/until.ts";

// One story on one cloud: a board comes, is renamed, leaves, and comes back.
let stack: TestStack;

const ORANGE_PI = [
  ...["--name", "orange-pi-pc", "--title", "Orange Pi PC", "--architecture", "armhf"],
  ...["--kernel", "linux-image-armmp", "--boot", "u-boot", "--boot-package", "u-boot-sunxi"],
  ...["--boot-file", "orangepi_pc/u-boot-sunxi-with-spl.bin", "--boot-offset-kib", "8"],
];

beforeAll(async () => {
  stack = await TestStack.create("boards");
  await stack.run("up");
}, 600_000);
afterAll(() => stack.remove(), 300_000);

describe("npm run add-board", () => {
  it("changes nothing where anything would be wrong, and says all of it", async () => {
    const before = readFileSync(stack.file, "utf8");
    const { code, output } = await stack.try("add-board", "--name", "pi", "--architecture", "arm64");
    expect(code).toBe(1);
    for (const flag of ["title", "kernel", "boot"]) expect(output).toContain(`  --${flag}: `);
    const other = ORANGE_PI.map((word) => (word === "armhf" ? "armel" : word));
    const refused = await stack.try("add-board", ...other, "--repository", "os-rootfs");
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("stack boards-");
    expect(refused.output).toContain(
      'hypriotos:boards.orange-pi-pc.architecture: found "armel", expected an architecture that a runner builds',
    );
    expect(refused.output).toContain(
      'hypriotos:boards.orange-pi-pc.repository: found "os-rootfs", expected a repository of its own',
    );
    expect(readFileSync(stack.file, "utf8")).toBe(before);
  });

  it("writes the entry, and shows what is made of it", async () => {
    const output = await stack.run("add-board", ...ORANGE_PI);
    expect(output).toContain("hypriot/image-builder-orange-pi-pc, public, from image-builder-template");
    for (const type of [
      "Repository",
      "RepositoryFile",
      "RepositoryWebhook",
      "IssueLabels",
      "TeamRepository",
    ]) {
      expect(output).toMatch(new RegExp(`\\+ github:index/\\w+:${type}: \\(create\\)`));
    }
    expect(output).toMatch(/protect main/);
    expect(output).not.toMatch(/[-±] github:\S+ \((delete|replace)\)/);
  });
});

describe("the new board's repository", () => {
  it("builds its first push with no further step", async () => {
    await stack.run("up");
    const repository = "image-builder-orange-pi-pc";
    const clone = await Clone.of(stack, repository);
    const commit = await clone.commit("Add htop", { "packages.txt": "htop\n" });
    await clone.push("add-htop");
    const check = await until("the first push has a check run", () => buildCheck(stack, repository, commit));
    expect(check.external_id).toBe(`builds/${repository}/${commit}#1`);
  });
});
