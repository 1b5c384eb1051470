import { spawn } from "node:child_process";
import { existsSync, linkSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { GitError, gitEnvironment } from "./run.ts";

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

/** Links the objects that are loose files into another repository, and gives those that are not. */
function linkLoose(from: string, to: string, ids: readonly string[]): string[] {
  return ids.filter((id) => {
    const file = join("objects", id.slice(0, 2), id.slice(2));
    if (existsSync(join(to, file))) return false;
    if (!existsSync(join(from, file))) return true;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    // Objects never change, so two repositories can share the file; no process is started for it.
    linkSync(join(from, file), join(to, file));
    return false;
  });
}

/** Copies objects by their ids, without what they refer to. */
export async function copyListed(from: string, to: string, ids: readonly string[]): Promise<void> {
  const packed = linkLoose(from, to, ids);
  if (packed.length > 0) await copyObjects(from, to, `${packed.join("\n")}\n`);
}
