import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildContext, contextEntries, contextFilter } from "./build-context.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "build-context-"));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function files(contents: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

const digest = async () =>
  createHash("sha256")
    .update(await buffer(await buildContext(root, "Dockerfile")))
    .digest("hex");

describe("contextFilter", () => {
  const kept = (dockerignore: string, paths: string[]) =>
    paths.filter(contextFilter(dockerignore, "Dockerfile"));

  it("follows the last line that matches", () => {
    expect(kept("*.md\n!README.md\n", ["a.md", "README.md", "b.txt"])).toEqual(["README.md", "b.txt"]);
    expect(
      kept("**/node_modules\n# comment\n\n", ["node_modules/a.js", "x/node_modules/b.js", "x/c.js"]),
    ).toEqual(["x/c.js"]);
  });
  it("sends the Dockerfile and .dockerignore whatever they say", () => {
    expect(kept("*\n", ["Dockerfile", ".dockerignore", "src"])).toEqual(["Dockerfile", ".dockerignore"]);
  });
});

describe("contextEntries", () => {
  it("takes back a file below an ignored folder", async () => {
    await files({
      Dockerfile: "",
      ".dockerignore": "dist\n!dist/keep.txt\n",
      "dist/a": "",
      "dist/keep.txt": "",
    });
    const entries = await contextEntries(root, "Dockerfile");
    expect(entries.map(({ path }) => path)).toEqual([".dockerignore", "Dockerfile", "dist/keep.txt"]);
  });
});

describe("buildContext", () => {
  it("has the same bytes for the same sources, whatever their times and rights", async () => {
    await files({ Dockerfile: "FROM scratch\n", "b/two": "2", "a/one": "1", empty: "" });
    await symlink("a/one", join(root, "link"));
    const before = await digest();
    await utimes(join(root, "a/one"), 1, 1);
    await chmod(join(root, "b/two"), 0o600);
    await chmod(join(root, "b"), 0o700);
    expect(await digest()).toBe(before);
  });
  it("has other bytes for another content, name or executable bit", async () => {
    await files({ Dockerfile: "FROM scratch\n", run: "#!/bin/sh\n" });
    const digests = new Set([await digest()]);
    await chmod(join(root, "run"), 0o755);
    digests.add(await digest());
    await files({ run: "#!/bin/sh\n:\n" });
    digests.add(await digest());
    await files({ other: "" });
    digests.add(await digest());
    expect(digests.size).toBe(4);
  });
  it("says what is missing", async () => {
    await expect(buildContext(join(root, "none"), "Dockerfile")).rejects.toThrow(
      /build.context: found .*directory/,
    );
    await expect(buildContext(root, "Dockerfile")).rejects.toThrow(/"Dockerfile" is not in the context/);
  });
});
