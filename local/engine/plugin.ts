import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { folderFingerprint, isProgram } from "../../components/plan/fingerprint.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Holds the digest of what a plugin was made from. */
const STAMP = "sources.sha256";

/** An engine plugin that is made from sources of this repository. */
export interface Plugin {
  /** The folder that the engine looks for, `resource-aws-v7.48.0`. */
  readonly folder: string;
  /** The executable that the engine starts, `pulumi-resource-aws`. */
  readonly executable: string;
  /** The program, relative to the repository. */
  readonly entry: string;
  /** Folders whose sources it is made of, beside the entry's own, relative to the repository. */
  readonly shared: readonly string[];
}

/** The plugin's sources, with the lock file for all that they import. */
function sourcesDigest(plugin: Plugin): string {
  const hash = createHash("sha256").update(readFileSync(join(ROOT, "package-lock.json")));
  for (const folder of [dirname(plugin.entry), ...plugin.shared]) {
    hash.update(folderFingerprint(join(ROOT, folder), isProgram));
  }
  return hash.digest("hex");
}

/** What CommonJS packages expect to find, and a module does not have. */
const BANNER = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { fileURLToPath as __fileURLToPath } from "node:url";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __fileURLToPath(import.meta.url);",
  'const __dirname = __fileURLToPath(new URL(".", import.meta.url));',
].join("\n");

/** Bundles the program into `folder`, in chunks so that a vendor's client is read when it is first used. */
async function bundlePlugin(plugin: Plugin, folder: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(ROOT, plugin.entry)],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: BANNER },
    // Optional native parts of the SSH client that `dockerode` brings: it does without.
    external: ["*.node", "cpu-features"],
    logLevel: "warning",
  });
  const executable = join(folder, plugin.executable);
  await writeFile(executable, '#!/bin/sh\nexec node "$(dirname "$0")/main.mjs" "$@"\n');
  await chmod(executable, 0o755);
}

async function isCurrent(folder: string, digest: string): Promise<boolean> {
  const stamp = join(folder, STAMP);
  return existsSync(stamp) && (await readFile(stamp, "utf8")) === digest;
}

/** Makes the plugin in `pluginsDir` unless it is there and current. Resolves with whether it was made. */
export async function installPlugin(pluginsDir: string, plugin: Plugin): Promise<boolean> {
  await mkdir(pluginsDir, { recursive: true });
  const folder = join(pluginsDir, plugin.folder);
  const digest = sourcesDigest(plugin);
  if (await isCurrent(folder, digest)) return false;
  // Made beside its place and moved there whole: an interrupted set-up leaves no half plugin.
  const draft = await mkdtemp(join(pluginsDir, ".draft-"));
  await bundlePlugin(plugin, draft);
  await writeFile(join(draft, STAMP), digest);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return true;
}
