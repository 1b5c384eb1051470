import { join } from "node:path";
import { run } from "../support/run.ts";

export const ROOT = join(import.meta.dirname, "..", "..");
export const IMAGE = "hypriotos/builder:test";

/** Docker has it already but for what changed. */
export async function buildImage(): Promise<void> {
  const base = ["--build-arg", "BASE=hypriotos/base:trixie"];
  await run("docker", ["build", "--quiet", "--tag", IMAGE, ...base, "builder"], { cwd: ROOT });
}
