import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { reason, run, SetupError } from "./process.js";

/** @param {import("./context.js").Context} context */
const requirements = (context) => join(context.root, "local/aws/requirements.txt");

/**
 * The virtual environment of the AWS emulator, named by what is in it: clones with the same pins share it.
 *
 * @param {import("./context.js").Context} context
 */
export function awsEmulatorHome(context) {
  const hash = createHash("sha256")
    .update(readFileSync(requirements(context)))
    .digest("hex");
  return join(context.cache, `aws-emulator-${hash.slice(0, 16)}`);
}

/** @param {import("./context.js").Context} context */
export const awsEmulatorPython = (context) => join(awsEmulatorHome(context), "bin/python");

/** @param {string} python @returns {string | undefined} */
function interpreter(python) {
  try {
    return basename(realpathSync(python));
  } catch {
    return undefined;
  }
}

/**
 * Whether it is complete and still has the Python it was made for: a system upgrade may have taken that away.
 *
 * @param {import("./context.js").Context} context
 */
export function awsEmulatorReady(context) {
  const stamp = join(awsEmulatorHome(context), "complete");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === interpreter(awsEmulatorPython(context));
}

/** @type {import("./context.js").Step} */
export const awsEmulator = {
  id: "aws-emulator",
  title: "AWS emulator",
  async missing(context) {
    if (awsEmulatorReady(context)) return undefined;
    const text = readFileSync(requirements(context), "utf8");
    const packages = text.match(/^[a-z].*==\S+/gm) ?? [];
    const version = packages.find((name) => name.startsWith("ministack=="))?.split("==")[1];
    return `ministack ${version} and ${packages.length - 1} Python packages by hash, about 90 MB, into ${awsEmulatorHome(context)}`;
  },
  async make(context, progress) {
    const home = awsEmulatorHome(context);
    // An environment holds its own path, so it is made in place; without the stamp it is not used.
    rmSync(home, { recursive: true, force: true });
    const venv = await run("python3", ["-m", "venv", home]);
    if (venv.code !== 0)
      throw new SetupError(`python3 -m venv failed (Debian: apt install python3-venv): ${reason(venv)}`);
    progress("installing");
    const args = ["-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--quiet"];
    const pip = await run(awsEmulatorPython(context), [
      ...args,
      "--disable-pip-version-check",
      "-r",
      requirements(context),
    ]);
    if (pip.code !== 0) throw new SetupError(`pip install failed: ${reason(pip)}`);
    writeFileSync(join(home, "complete"), interpreter(awsEmulatorPython(context)) ?? "");
  },
};
