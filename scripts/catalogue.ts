import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, homedir } from "node:os";
import { join } from "node:path";
import { withPart } from "./boards/table.ts";
import { buildBoard } from "./catalogue/build.ts";
import { catalogueOptions, chosen } from "./catalogue/options.ts";
import { folderDigest, sha256 } from "./catalogue/repository.ts";
import type { Result } from "./catalogue/result.ts";
import { catalogueTable } from "./catalogue/table.ts";
import { log, main } from "./lib/command.ts";
import { checkStackFile } from "./lib/stack-check.ts";

const BUILDER = "hypriotos/builder:catalogue";
/** What of the builder decides on an image and its tests; how it is booted is not asked here. */
const IMAGE_PARTS = ["lib", "steps", "boot", "spec"];

/**
 * `npm run catalogue`: builds and tests every board of the production stack that this machine can build, and writes the
 * table of docs/catalogue.md. What was built of the same before is not built again. Exit code 1 where a build failed.
 */
await main(async () => {
  const root = join(import.meta.dirname, "..");
  const cacheHome = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const options = catalogueOptions(process.argv.slice(2), cacheHome);
  const stackFile = readFileSync(join(root, "stacks", "Pulumi.production.yaml"), "utf8");
  const config = checkStackFile(root, "production", stackFile);
  const boards = chosen(config.boards, options.boards);
  mkdirSync(options.output, { recursive: true });
  log("builder image");
  const docker = (...args: readonly string[]) =>
    execFileSync("docker", args, { cwd: root, encoding: "utf8" });
  docker("build", "--quiet", "--tag", BUILDER, "--build-arg", `BASE=${options.base}`, "builder");
  const base = docker("image", "inspect", "--format", "{{.Id}}", options.base);
  const digests = IMAGE_PARTS.map((name) => folderDigest(join(root, "builder", name)));
  const builder = {
    image: BUILDER,
    digest: sha256(base, readFileSync(join(root, "builder/Dockerfile")), ...digests),
  };
  // A table of some boards would lose the others.
  const page = options.write && options.boards.length === 0 ? join(root, "docs", "catalogue.md") : undefined;
  const notYet: Result = { outcome: "skipped", reason: "not its turn yet" };
  const results = new Map<string, Result>(boards.map(([name]) => [name, notYet]));
  const table = () =>
    catalogueTable(
      boards.map(([name, board]) => ({ board, result: results.get(name) ?? notYet })),
      { architecture: arch(), processors: cpus().length },
    );
  for (const [name, board] of boards) {
    const result = await buildBoard({ root, options, rootfs: config.rootfs, builder, say: log }, name, board);
    log(`${name}: ${result.outcome === "built" ? `built in ${result.seconds.toFixed(0)} s` : result.reason}`);
    results.set(name, result);
    // After each: a run that is interrupted has told what it saw.
    if (page !== undefined)
      writeFileSync(page, withPart(readFileSync(page, "utf8"), "`npm run catalogue`", table()));
  }
  if (page === undefined) process.stdout.write(`${table()}\n`);
  return [...results.values()].some(({ outcome }) => outcome === "failed") ? 1 : 0;
});
