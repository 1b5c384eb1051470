import { spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";
import { GitError, git, gitEnvironment } from "./run.ts";

/** Copies objects from one bare repository to another as one pack, streamed. `input` is what pack-objects reads. */
export async function copyObjects(
  from: string,
  to: string,
  input: string,
  options: readonly string[] = [],
): Promise<void> {
  const pack = spawn(
    "git",
    ["--git-dir", from, "pack-objects", "--stdout", "-q", "--delta-base-offset", ...options],
    {
      env: gitEnvironment(),
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  const index = spawn("git", ["--git-dir", to, "index-pack", "--stdin", "--fix-thin"], {
    env: gitEnvironment(),
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = [pack, index].map(
    (child) =>
      new Promise<void>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code) =>
          code === 0 ? resolve() : reject(new GitError(child.spawnargs, code, "")),
        );
      }),
  );
  pack.stdin.end(input);
  await Promise.all([pipeline(pack.stdout, index.stdin), ...ended]);
}

/** Copies what a tree has, without history. */
export async function copyTree(from: string, to: string, tree: string): Promise<void> {
  const { stdout } = await git(from, [
    "ls-tree",
    "-r",
    "-t",
    "--full-tree",
    "--format=%(objecttype) %(objectname)",
    tree,
  ]);
  const inside = stdout
    .toString("utf8")
    .split("\n")
    .flatMap((line) => (/^(?:blob|tree) /.test(line) ? [line.split(" ")[1] ?? ""] : []));
  await copyObjects(from, to, `${[...new Set([tree, ...inside])].join("\n")}\n`);
}
