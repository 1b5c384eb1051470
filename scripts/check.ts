import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "./lib/command.ts";
import { findActionlint } from "./setup-steps/actionlint.js";
import { createContext } from "./setup-steps/context.js";
import { commandPath } from "./setup-steps/process.js";

interface Stage {
  readonly name: string;
  readonly command: readonly string[];
}

const context = createContext();
const { root } = context;
const vitest = (project: string): readonly string[] => ["npx", "vitest", "run", "--project", project];

/** Everything that `npm test` does after set-up, by the names that `npm run check -- <name>` takes. */
const stages: readonly Stage[] = [
  { name: "lint", command: ["npx", "biome", "check", "--error-on-warnings"] },
  { name: "typecheck", command: ["npx", "tsc", "--noEmit", "--project", "."] },
  { name: "shellcheck", command: ["shellcheck", "--external-sources", ...shellFiles()] },
  // It runs ShellCheck on the workflows' own scripts. "-no-color": what is kept in a log is read there.
  { name: "actionlint", command: [findActionlint(context) ?? "actionlint", "-no-color"] },
  { name: "unit", command: vitest("unit") },
  { name: "stack", command: vitest("stack") },
];

/** How to get what set-up may have to leave out. */
const WAYS: Readonly<Record<string, string>> = {
  shellcheck: "install it (Debian: apt install shellcheck)",
  actionlint: "install Go 1.21 or newer and run scripts/setup",
};

/** The repository's shell scripts: by their ending, or by their first line. */
function shellFiles(): readonly string[] {
  const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const shebang = /^#!.*\b(?:ba|da)?sh\b/;
  return listed.stdout.split("\0").filter((name) => {
    if (name.endsWith(".sh")) return true;
    if (name === "" || /\.\w+$/.test(name)) return false;
    try {
      return shebang.test(readFileSync(join(root, name), "utf8"));
    } catch {
      // Listed and deleted, or a link to a folder.
      return false;
    }
  });
}

/** Runs a stage and says how it ended. */
function runStage({ name, command }: Stage): { name: string; ok: boolean } {
  const [program = "", ...args] = command;
  const way = WAYS[name];
  if (way !== undefined && !existsSync(program) && commandPath(program) === undefined) {
    process.stdout.write(`${name} is missing: ${way}\n`);
    return { name, ok: false };
  }
  const since = Date.now();
  process.stdout.write(`\n== ${name}\n`);
  const result = spawnSync(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const ok = result.status === 0;
  process.stdout.write(
    `== ${name}: ${ok ? "passed" : "FAILED"} in ${((Date.now() - since) / 1000).toFixed(1)} s\n`,
  );
  return { name, ok };
}

/** `npm test`, or `npm run check -- lint unit` for some of it. Exit code 1 when anything failed. */
await main(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `no check is called ${unknown.join(", ")}: they are ${stages.map(({ name }) => name).join(", ")}`,
    );
  }
  const results = stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).map(runStage);
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
  process.stdout.write(
    failed.length === 0
      ? `\n${results.length} of ${results.length} checks passed. Next: npm run up\n`
      : `\nFAILED: ${failed.join(", ")}. One alone: npm run check -- ${failed[0]}\n`,
  );
  return failed.length === 0 ? 0 : 1;
});
