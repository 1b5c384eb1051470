import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
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

const BOARDS = ["config", "hypriotos:boards"];

/** The types of the repository's own resources that a preview would handle in this way. */
function changed(preview: string, how: string): string[] {
  const lines = preview.matchAll(new RegExp(`github:index/\\w+:(\\w+): \\(${how}\\)`, "g"));
  return [...new Set([...lines].map(([, type = ""]) => type))].sort();
}

async function boardFile(at: { owner: string; repo: string }): Promise<unknown> {
  const { data } = await stack.github.rest.repos.getContent({ ...at, path: "board.json" });
  return JSON.parse(Buffer.from((data as { content: string }).content, "base64").toString());
}

// Each runs the engine several times.
vi.setConfig({ testTimeout: 300_000 });

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
      "IssueLabel",
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

describe("a board that gets another name", () => {
  const old = { owner: "hypriot", repo: "image-builder-orange-pi-pc" };
  const at = { owner: "hypriot", repo: "image-builder-orange-pi" };

  it("keeps its repository, which is renamed", async () => {
    const { data: before } = await stack.github.rest.repos.get(old);
    const { data: issue } = await stack.github.rest.issues.create({ ...old, title: "x", labels: ["bug"] });
    stack.edit((config) => {
      const board = config.getIn([...BOARDS, "orange-pi-pc"]);
      config.deleteIn([...BOARDS, "orange-pi-pc"]);
      config.setIn([...BOARDS, "orange-pi"], board);
      config.setIn([...BOARDS, "orange-pi", "renamedFrom"], "orange-pi-pc");
    });
    const preview = await stack.run("preview");
    // What GitHub knows by the repository's name alone is made anew in it; people's own labels stay.
    expect(changed(preview, "replace")).toEqual(["IssueLabel", "RepositoryWebhook", "TeamRepository"]);
    expect(changed(preview, "delete")).toEqual([]);
    expect(changed(preview, "create")).toEqual([]);
    await stack.run("up");
    const { data: after } = await stack.github.rest.repos.get(at);
    expect(after.id).toBe(before.id);
    expect((await stack.github.rest.repos.listWebhooks(at)).data).toHaveLength(1);
    expect((await stack.github.request("GET /repos/{owner}/{repo}/rulesets", at)).data).toHaveLength(2);
    const { data: seen } = await stack.github.rest.issues.get({ ...at, issue_number: issue.number });
    expect(seen.labels).toMatchObject([{ name: "bug" }]);
    expect(await boardFile(at)).toMatchObject({ name: "orange-pi", title: "Orange Pi PC" });
    expect(await stack.run("up")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });

  it("goes by its new name alone from then on", async () => {
    stack.edit((config) => config.deleteIn([...BOARDS, "orange-pi", "renamedFrom"]));
    expect(await stack.run("up")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });
});

describe("a board that leaves", () => {
  const at = { owner: "hypriot", repo: "image-builder-orange-pi" };
  let entry: unknown;

  it("leaves its repository archived, with all that people made", async () => {
    stack.edit((config) => {
      entry = config.getIn([...BOARDS, "orange-pi"]);
      config.setIn(["config", "hypriotos:organization", "archiveOnDestroy"], true);
    });
    await stack.run("up");
    const { data: commits } = await stack.github.rest.repos.listCommits(at);
    stack.edit((config) => config.deleteIn([...BOARDS, "orange-pi"]));
    await stack.run("up");
    const { data } = await stack.github.rest.repos.get(at);
    expect(data.archived).toBe(true);
    expect((await stack.github.rest.repos.listCommits(at)).data).toEqual(commits);
    expect(await boardFile(at)).toMatchObject({ name: "orange-pi" });
    expect((await stack.github.rest.repos.listWebhooks(at)).data).toEqual([]);
    expect((await stack.github.request("GET /repos/{owner}/{repo}/rulesets", at)).data).toEqual([]);
    const { data: labels } = await stack.github.rest.issues.listLabelsForRepo(at);
    expect(labels.map(({ name }) => name)).toContain("ok-to-build");
    const { data: teams } = await stack.github.rest.repos.listTeams(at);
    expect(teams.map(({ slug }) => slug)).toEqual(["maintainers"]);
  });

  it("is not made over its archived repository, which stays as it is", async () => {
    stack.edit((config) => config.setIn([...BOARDS, "orange-pi"], entry));
    const { code, output } = await stack.try("up");
    expect(code).not.toBe(0);
    expect(output).toContain("found hypriot/image-builder-orange-pi, which exists and is archived; expected");
    expect((await stack.github.rest.repos.get(at)).data.archived).toBe(true);
  });

  it("comes back with its repository", async () => {
    const { data: before } = await stack.github.rest.repos.update({ ...at, archived: false });
    stack.edit((config) => config.setIn([...BOARDS, "orange-pi", "adopt"], true));
    await stack.github.rest.repos.update({ ...at, description: "Mine" });
    await stack.run("up");
    const { data: after } = await stack.github.rest.repos.get(at);
    // What somebody set is what the stack says again.
    const { id, description } = before;
    expect(after).toMatchObject({ id, description, archived: false });
    expect((await stack.github.rest.repos.listWebhooks(at)).data).toHaveLength(1);
    expect((await stack.github.request("GET /repos/{owner}/{repo}/rulesets", at)).data).toHaveLength(2);
    stack.edit((config) => config.deleteIn([...BOARDS, "orange-pi", "adopt"]));
    await stack.run("up");
    expect(await stack.run("up")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });
});
