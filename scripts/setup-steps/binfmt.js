import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "./debian.js";
import { commandPath, reason, run, SetupError } from "./process.js";

/**
 * @typedef {object} Foreign a Debian architecture that this machine's processor may not run by itself
 * @property {string} architecture
 * @property {string} qemu what QEMU calls it
 * @property {string} magic how its programs start, in hex: class of 32 or 64 bit, little endian; the machine at 18
 */

/** @type {readonly Foreign[]} */
const architectures = [
  { architecture: "arm64", qemu: "aarch64", magic: "7f454c460201010000000000000000000200b700" },
  { architecture: "armhf", qemu: "arm", magic: "7f454c4601010100000000000000000002002800" },
];

const folder = "/proc/sys/fs/binfmt_misc";

/**
 * Whether an entry of binfmt_misc starts an architecture's programs, in containers too: those have no QEMU, so the
 * kernel must have opened it when it was registered (flag F).
 *
 * @param {string} entry the entry's file
 * @param {Foreign} foreign
 */
export function runsInContainers(entry, { magic }) {
  const lines = entry.split("\n");
  return (
    lines[0] === "enabled" &&
    lines.some((line) => /^flags: \w*F/.test(line)) &&
    lines.includes("offset 0") &&
    lines.includes(`magic ${magic}`)
  );
}

/**
 * The line of a package's binfmt.d file that the kernel takes, or nothing when it has none for that name with flag F.
 *
 * @param {string} conf
 * @param {string} qemu
 */
export function registration(conf, qemu) {
  return conf.split("\n").find((line) => line.startsWith(`:qemu-${qemu}:M:`) && /:\w*F\w*$/.test(line));
}

/**
 * Those architectures whose programs do not run in containers yet.
 *
 * @param {string} [processor] Node's name of it
 * @param {string} [entries] the folder of binfmt_misc
 */
export async function notRunning(processor = process.arch, entries = folder) {
  const names = existsSync(entries) ? readdirSync(entries) : [];
  const texts = names
    .filter((name) => name !== "register" && name !== "status")
    .map((name) => readFileSync(join(entries, name), "utf8"));
  /** @type {Foreign[]} */
  const found = [];
  for (const foreign of architectures) {
    if (texts.some((text) => runsInContainers(text, foreign))) continue;
    if (!(await runsNatively(foreign, processor))) found.push(foreign);
  }
  return found;
}

/** @param {Foreign} foreign @param {string} processor */
async function runsNatively({ architecture }, processor) {
  if (processor === "arm") return architecture === "armhf";
  if (processor !== "arm64") return false;
  if (architecture === "arm64") return true;
  // Many 64 bit ARM processors have no 32 bit mode any more: the kernel then refuses this personality.
  return (await run("setarch", ["linux32", "true"], { timeoutSeconds: 10 })).code === 0;
}

/** Whether builds run on this machine's kernel; Docker elsewhere has its own, and so has Docker Desktop. */
function buildsHere() {
  const host = process.env.DOCKER_HOST ?? "";
  return process.platform === "linux" && (host === "" || host.startsWith("unix:"));
}

/** @param {readonly Foreign[]} foreign */
const listed = (foreign) => foreign.map(({ architecture }) => architecture).join(" and ");

/** @type {import("./context.js").Step} */
export const binfmt = {
  id: "binfmt",
  title: "emulation",
  optional: true,
  async missing() {
    if (!buildsHere()) return undefined;
    const foreign = await notRunning();
    return foreign.length === 0 ? undefined : `this kernel runs no ${listed(foreign)} programs in containers`;
  },
  async make(context, progress) {
    const foreign = await notRunning();
    const consequence = `builds for ${listed(foreign)} will fail until then`;
    if (!context.isRoot || !existsSync("/etc/debian_version") || commandPath("apt-get") === undefined) {
      throw new SetupError(
        `QEMU's user emulation is not registered: as root, on Debian: apt install qemu-user-static; elsewhere: your system's package of it (${consequence}).`,
      );
    }
    try {
      if (foreign.some(({ qemu }) => !existsSync(confFile(qemu)))) {
        await installPackages(["qemu-user-static"], progress);
      }
      await mount(progress);
      // The package's own start, by systemd or binfmt-support, may have done it.
      for (const { qemu } of await notRunning()) {
        progress(`registering qemu-${qemu}`);
        register(qemu);
      }
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      throw new SetupError(`${error.message} (${consequence})`);
    }
  },
};

/** @param {string} qemu */
const confFile = (qemu) => `/usr/lib/binfmt.d/qemu-${qemu}.conf`;

/** @param {(text: string) => void} progress */
async function mount(progress) {
  if (existsSync(join(folder, "register"))) return;
  progress("mounting binfmt_misc");
  // Where it is a module, nothing has loaded it yet; where it is not, this fails and the mount is right.
  await run("modprobe", ["binfmt_misc"], { timeoutSeconds: 20 });
  const result = await run("mount", ["-t", "binfmt_misc", "binfmt_misc", folder], { timeoutSeconds: 20 });
  if (result.code !== 0)
    throw new SetupError(`binfmt_misc cannot be mounted: ${reason(result, 1)}: register QEMU on the host`);
}

/** @param {string} qemu @param {string} [entries] @param {string} [file] */
export function register(qemu, entries = folder, file = confFile(qemu)) {
  const line = registration(readFileSync(file, "utf8"), qemu);
  if (line === undefined)
    throw new SetupError(`${file} has no entry for containers (flag F): install a newer QEMU`);
  const old = join(entries, `qemu-${qemu}`);
  try {
    // An entry of that name without the flag, or switched off, keeps its name taken.
    if (existsSync(old)) writeFileSync(old, "-1");
    writeFileSync(join(entries, "register"), line);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new SetupError(`the kernel does not register QEMU: ${error.message}`);
  }
}
