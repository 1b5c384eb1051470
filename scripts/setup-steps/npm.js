import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reason, run, SetupError } from "./process.js";

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, peer?: boolean, devOptional?: boolean }>} LockedPackages */

/**
 * Whether what npm says it installed is what the lock file asks for. Packages for other platforms are optional.
 *
 * @param {LockedPackages} wanted the lock file's packages
 * @param {LockedPackages} installed the packages of node_modules/.package-lock.json
 */
export function sameInstallation(wanted, installed) {
  const extra = Object.entries(installed).some(([path, found]) => {
    const entry = wanted[path];
    return entry === undefined || entry.version !== found.version || entry.integrity !== found.integrity;
  });
  const lacking = Object.entries(wanted).some(
    ([path, entry]) => path !== "" && installed[path] === undefined && entry.optional !== true,
  );
  return !extra && !lacking;
}

/** @param {string} file @returns {LockedPackages} */
const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages ?? {};

/** @param {import("./context.js").Context} context */
const stampFile = (context) => join(context.root, "node_modules/.hypriotos-lock");

/** The platform belongs to it: a work tree may be shared between a laptop and a container. @param {import("./context.js").Context} context */
const lockHash = (context) =>
  createHash("sha256")
    .update(readFileSync(join(context.root, "package-lock.json")))
    .update(`${process.platform} ${process.arch}`)
    .digest("hex");

/** @type {import("./context.js").Step} */
export const npm = {
  id: "npm",
  title: "npm packages",
  async missing(context) {
    const stamp = stampFile(context);
    const hash = lockHash(context);
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return undefined;
    const lock = packagesOf(join(context.root, "package-lock.json"));
    const hidden = join(context.root, "node_modules/.package-lock.json");
    if (existsSync(hidden) && sameInstallation(lock, packagesOf(hidden))) {
      writeFileSync(stamp, hash);
      return undefined;
    }
    const why = existsSync(hidden) ? ", package-lock.json changed" : "";
    return `${Object.keys(lock).length - 1} packages, about 430 MB unpacked${why}`;
  },
  async make(context, progress) {
    const timer = setInterval(() => progress("npm ci works"), 10_000);
    // Scripts stay off (.npmrc): esbuild and biome find their binaries without them.
    const result = await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: context.root,
    });
    clearInterval(timer);
    if (result.code === 127)
      throw new SetupError("npm is missing: install npm 9 or newer, then run this again.");
    // What is wrong comes first, then hints on how to use npm.
    if (result.code !== 0)
      throw new SetupError(`npm ci failed: ${reason(result, 1000).split("\n").slice(0, 8).join("\n")}`);
    writeFileSync(stampFile(context), lockHash(context));
  },
};
