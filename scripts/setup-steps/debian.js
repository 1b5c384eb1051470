import { existsSync, readFileSync } from "node:fs";
import { awsEmulatorReady } from "./aws-emulator.js";
import { commandPath, reason, run, SetupError } from "./process.js";

/** @typedef {{ command: string, package: string, why: string, optional?: boolean }} Need */

/** Debian 13 split the client off docker.io; on Debian 12 there is no such package and docker.io brings it. */
const needs = /** @type {readonly Need[]} */ ([
  { command: "git", package: "git", why: "clone and push" },
  { command: "python3", package: "python3", why: "the AWS emulator" },
  { command: "dockerd", package: "docker.io", why: "runners" },
  { command: "docker", package: "docker-cli", why: "runners" },
  { command: "mmdebstrap", package: "mmdebstrap", why: "base images", optional: true },
  { command: "shellcheck", package: "shellcheck", why: "npm test", optional: true },
]);

/** @param {import("./context.js").Context} context */
function missingNeeds(context) {
  const remote = process.env.DOCKER_HOST !== undefined || existsSync("/var/run/docker.sock");
  const found = needs.filter(
    (need) => commandPath(need.command) === undefined && !(need.command === "dockerd" && remote),
  );
  // The module venv is a package of its own; it is of no use once the emulator's environment exists.
  /** @type {Need} */
  const venv = { command: "python3 -m venv", package: "python3-venv", why: "the AWS emulator" };
  return existsSync("/etc/debian_version") && !awsEmulatorReady(context) && !hasEnsurePip()
    ? [...found, venv]
    : found;
}

/** Debian takes the module out of python3 and puts it into python3-venv: its file says whether it is there. */
function hasEnsurePip() {
  const python = commandPath("python3");
  if (python !== undefined && !python.startsWith("/usr/bin/")) return true;
  return ["10", "11", "12", "13", "14"].some((minor) =>
    existsSync(`/usr/lib/python3.${minor}/ensurepip/__main__.py`),
  );
}

const isDebian = () => existsSync("/etc/debian_version") && commandPath("apt-get") !== undefined;

/** @type {import("./context.js").Step} */
export const debian = {
  id: "debian",
  title: "Debian packages",
  async missing(context) {
    const mayInstall = context.isRoot && isDebian();
    // What only some commands need is not asked of people who cannot install it here: those commands say so themselves.
    const missing = missingNeeds(context).filter((need) => mayInstall || need.optional !== true);
    if (missing.length === 0) return undefined;
    return `${missing.map((need) => need.command).join(", ")} missing`;
  },
  async make(context, progress) {
    const missing = missingNeeds(context);
    if (!context.isRoot || !isDebian()) {
      const list = missing.filter((need) => need.optional !== true);
      const names = list.map((need) => `${need.command} (for ${need.why})`).join(", ");
      const way = isDebian()
        ? `sudo apt install ${list.map((need) => need.package).join(" ")}`
        : "install them with your system's packages";
      throw new SetupError(`missing: ${names}: ${way}, then run this again.`);
    }
    await installPackages(
      missing.map((need) => need.package),
      progress,
    );
  },
};

/**
 * Installs Debian packages as root; reads the archive's lists only when they do not know a package or are outdated.
 *
 * @param {readonly string[]} packages
 * @param {(text: string) => void} progress
 */
export async function installPackages(packages, progress) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  /** @param {readonly string[]} args @param {(line: string) => void} [onLine] */
  const apt = (args, onLine) =>
    run("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
      env,
      ...(onLine === undefined ? {} : { onLine }),
    });
  const update = async () => {
    progress("reading the archive's package lists");
    const result = await apt(["update", "-qq"]);
    if (result.code !== 0) throw new SetupError(`apt-get update failed: ${reason(result)}`);
  };

  let names = await known(packages);
  if (names === undefined) {
    await update();
    names = await known(packages);
  }
  if (names === undefined)
    throw new SetupError(`the archive has not all of ${packages.join(", ")}: install them by hand.`);
  const install = ["install", "--yes", "--no-install-recommends", ...names];
  const plan = await apt(["install", "--assume-no", "--no-install-recommends", ...names]);
  const size = /^Need to get .*$/m.exec(plan.stdout)?.[0];
  progress(`installing ${names.join(", ")}${size === undefined ? "" : `. ${size}`}`);
  let last = Date.now();
  const onLine = (/** @type {string} */ line) => {
    if (Date.now() - last < 10_000) return;
    last = Date.now();
    progress(line);
  };
  let result = await apt(install, onLine);
  if (result.code !== 0) {
    // Old lists name files that the archive has replaced since.
    await update();
    result = await apt(install, onLine);
  }
  if (result.code !== 0) throw new SetupError(`apt-get install failed: ${reason(result)}`);
}

/**
 * The packages' names in this release of Debian, or nothing when the lists do not know one of them.
 *
 * @param {readonly string[]} packages
 */
async function known(packages) {
  const result = await run("apt-cache", ["--quiet", "policy", ...packages]);
  const available = new Set(
    [...result.stdout.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (?!\(none\))/gm)].map(
      (match) => match[1],
    ),
  );
  const release = Number(readFileSync("/etc/debian_version", "utf8").split(".")[0]);
  const names = packages.map((name) => (name === "docker-cli" && release < 13 ? "docker.io" : name));
  return names.every((name) => available.has(name) || name === "docker.io") && result.code === 0
    ? [...new Set(names)]
    : undefined;
}
