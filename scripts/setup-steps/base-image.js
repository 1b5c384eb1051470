import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { commandPath, reason, run, SetupError } from "./process.js";

/** What the local stack builds its images on when its stack file names nothing else. */
const defaultImage = "hypriotos/base:trixie";
const suite = "trixie";

/** @param {import("./context.js").Context} context */
async function imageName(context) {
  const file = join(context.root, "stacks/Pulumi.local.yaml");
  if (!existsSync(file)) return defaultImage;
  // Read by pattern: where npm's packages are not yet installed there is no YAML parser.
  return /^\s+baseImage:\s*["']?([^\s"'#]+)/m.exec(readFileSync(file, "utf8"))?.[1] ?? defaultImage;
}

/** @type {import("./context.js").Step} */
export const baseImage = {
  id: "base-image",
  title: "base image",
  async missing(context) {
    const name = await imageName(context);
    const result = await run("docker", ["image", "inspect", "--format", "{{.Id}}", name], {
      timeoutSeconds: 30,
    });
    return result.code === 0 ? undefined : `${name} is not in Docker yet`;
  },
  async make(context, progress) {
    const name = await imageName(context);
    const source = name === defaultImage ? `debian:${suite}-slim` : name;
    progress(`docker pull ${source}, about 30 MB`);
    const pull = await run("docker", ["pull", "--quiet", source], { timeoutSeconds: 120 });
    if (pull.code === 0) {
      const tag = await run("docker", ["tag", source, name]);
      if (tag.code !== 0) throw new SetupError(`docker tag failed: ${reason(tag)}`);
      return;
    }
    progress(`it cannot be pulled: ${reason(pull, 1)}`);
    if (name !== defaultImage) {
      throw new SetupError(
        `the base image ${name} of stacks/Pulumi.local.yaml is neither here nor can it be pulled.`,
      );
    }
    await bootstrap(context, name, progress);
  },
};

/**
 * A minimal Debian straight from the archive.
 *
 * @param {import("./context.js").Context} context
 * @param {string} name
 * @param {(text: string) => void} progress
 */
async function bootstrap(context, name, progress) {
  if (commandPath("mmdebstrap") === undefined) {
    throw new SetupError(
      `${name} can neither be pulled nor made here: apt install mmdebstrap (Debian), or docker pull debian:${suite}-slim and docker tag it ${name}, then run this again.`,
    );
  }
  mkdirSync(context.cache, { recursive: true });
  const archive = join(context.cache, `base-${suite}-${process.pid}.tar`);
  progress(`mmdebstrap makes it from Debian's archive, about 80 MB of packages`);
  const timer = setInterval(() => progress("mmdebstrap works"), 10_000);
  try {
    // Without sources of our own mmdebstrap takes the archive's default mirror, updates and security included, and
    // leaves the same sources in the image.
    // The names of this machine and its resolver, which mmdebstrap copies, do not belong in an image.
    const clean = `--customize-hook=rm -f "$1/etc/hostname" "$1/etc/resolv.conf"`;
    const args = ["--quiet", "--variant=minbase", "--include=ca-certificates", clean, suite, archive];
    const made = await run("mmdebstrap", args, { timeoutSeconds: 1800 });
    if (made.code !== 0) throw new SetupError(`mmdebstrap failed: ${reason(made)}`);
    const imported = await run("docker", ["import", "--change", 'CMD ["bash"]', archive, name]);
    if (imported.code !== 0) throw new SetupError(`docker import failed: ${reason(imported)}`);
  } finally {
    clearInterval(timer);
    rmSync(archive, { force: true });
  }
}
