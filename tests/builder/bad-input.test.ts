import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../support/run.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const IMAGE = "hypriotos/builder:test";

it("the builder names what is wrong in a repository before it builds anything", {
  timeout: 600_000,
}, async () => {
  const base = ["--build-arg", "BASE=hypriotos/base:trixie"];
  await run("docker", ["build", "--quiet", "--tag", IMAGE, ...base, "builder"], { cwd: ROOT });
  const script = ["--entrypoint", "/opt/builder/test/bad-input.sh"];
  const output = await run("docker", ["run", "--rm", "--network", "none", ...script, IMAGE], { cwd: ROOT });
  expect(output).toMatch(/^ok 1 - /m);
  expect(output).not.toMatch(/^not ok/m);
});
