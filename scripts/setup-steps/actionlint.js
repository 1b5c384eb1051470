import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { arch } from "node:os";
import { dirname, join } from "node:path";
import { commandPath, reason, run, SetupError } from "./process.js";
import { atLeast } from "./version.js";

/** @typedef {import("./context.js").Context} Context */

/** What pins it: go.mod and go.sum. @param {Context} context */
const moduleFolder = (context) => join(context.root, "scripts/actionlint");

/** @param {Context} context */
function builtFile(context) {
  const version = /rhysd\/actionlint v(\S+)/.exec(
    readFileSync(join(moduleFolder(context), "go.mod"), "utf8"),
  )?.[1];
  return join(context.cache, `actionlint-v${version}-${process.platform}-${arch()}`, "actionlint");
}

/**
 * The linter of workflows that set-up built, else what PATH has; nothing where there is none.
 *
 * @param {Context} context
 */
export function findActionlint(context) {
  const built = builtFile(context);
  return existsSync(built) ? built : commandPath("actionlint");
}

/**
 * Debian has no package of it; its Go module is small and built within a minute.
 *
 * @type {import("./context.js").Step}
 */
export const actionlint = {
  id: "actionlint",
  title: "actionlint",
  optional: true,
  async missing(context) {
    if (findActionlint(context) !== undefined || commandPath("go") === undefined) return undefined;
    return `missing, building it from its Go module into ${context.cache}`;
  },
  async make(context) {
    const local = (await run("go", ["env", "GOVERSION"], { env: { ...process.env, GOTOOLCHAIN: "local" } }))
      .stdout;
    const wanted = /^go (\S+)/m.exec(readFileSync(join(moduleFolder(context), "go.mod"), "utf8"))?.[1] ?? "";
    const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOWORK: "off" };
    const file = builtFile(context);
    mkdirSync(dirname(file), { recursive: true });
    const target = "github.com/rhysd/actionlint/cmd/actionlint";
    const result = await run("go", ["build", "-mod=readonly", "-trimpath", "-o", `${file}.part`, target], {
      cwd: moduleFolder(context),
      // Since 1.21 Go brings the newer version of itself that a module asks for.
      env: atLeast(local, wanted) ? env : { ...env, GOTOOLCHAIN: "auto" },
    });
    if (result.code !== 0) throw new SetupError(`go build of actionlint failed: ${reason(result)}`);
    renameSync(`${file}.part`, file);
  },
};
