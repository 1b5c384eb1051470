import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../support/run.ts";
import { buildImage, IMAGE, ROOT } from "./builder-image.ts";

const SIGNER = "hypriotos/docker-repository:test";
const folder = mkdtempSync(join(tmpdir(), "docker-repository-"));
const repository = `${folder}:/repository`;

afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const base = ["--build-arg", "BASE=hypriotos/base:trixie"];
  const context = "tests/builder/docker-repository";
  await run("docker", ["build", "--quiet", "--tag", SIGNER, ...base, context], { cwd: ROOT });
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const make = ["--network", "none", "--user", owner, "--volume", repository, SIGNER];
  await run("docker", ["run", "--rm", ...make, "bash", "/opt/small.sh"], { cwd: ROOT });
  await buildImage();
}, 600_000);

it("the builder takes Docker's packages from where it is told, in the versions that are pinned", async () => {
  const test = ["--network", "none", "--volume", `${repository}:ro`];
  const entry = ["--entrypoint", "/opt/builder/test/docker.sh", IMAGE];
  const output = await run("docker", ["run", "--rm", ...test, ...entry], { cwd: ROOT });
  expect(output).toMatch(/^ok 1 - /m);
  expect(output).not.toMatch(/^not ok/m);
}, 300_000);
