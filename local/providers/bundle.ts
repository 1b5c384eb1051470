import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type ProviderName = "aws" | "docker" | "github";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Holds the digest of what a plugin was made from. */
const STAMP = "sources.sha256";

const require = createRequire(import.meta.url);

/** The version of the official SDK: the engine looks for a plugin of just this version. */
export function providerVersion(name: ProviderName): string {
  const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
  return version;
}

/** The sources of one provider and of what the providers share, with the lock file for all that they import. */
async function sourcesDigest(name: ProviderName): Promise<string> {
  const folders = [HERE, join(HERE, "framework"), join(HERE, name)];
  const listed = await Promise.all(
    folders.map(async (folder, index) => {
      const entries = await readdir(folder, { withFileTypes: true, recursive: index > 0 });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  const files = listed.flat().filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const hash = createHash("sha256");
  for (const file of [...new Set(files), join(ROOT, "package-lock.json")].sort()) {
    hash.update(`${file.slice(ROOT.length)}\0`).update(await readFile(file));
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

/**
 * Makes the plugin folder of one provider, `outDir`: the bundled program, in chunks so that a vendor's client is
 * read when it is first used, and the executable that the engine starts.
 */
export async function bundleProvider(name: ProviderName, outDir: string): Promise<void> {
  const { build } = await import("esbuild");
  await mkdir(outDir, { recursive: true });
  await build({
    entryPoints: [join(HERE, name, "main.ts")],
    outdir: outDir,
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
  const executable = join(outDir, `pulumi-resource-${name}`);
  await writeFile(executable, '#!/bin/sh\nexec node "$(dirname "$0")/main.mjs" "$@"\n');
  await chmod(executable, 0o755);
}

async function isCurrent(folder: string, digest: string): Promise<boolean> {
  const stamp = join(folder, STAMP);
  return existsSync(stamp) && (await readFile(stamp, "utf8")) === digest;
}

/** Gives the names of the providers that had to be made: none where all were there already. */
export async function installProviders(
  pluginsDir: string,
  names: readonly ProviderName[],
): Promise<readonly ProviderName[]> {
  await mkdir(pluginsDir, { recursive: true });
  const made: ProviderName[] = [];
  for (const name of names) {
    const folder = join(pluginsDir, `resource-${name}-v${providerVersion(name)}`);
    const digest = await sourcesDigest(name);
    if (await isCurrent(folder, digest)) continue;
    // Made beside its place and moved there whole: an interrupted set-up leaves no half plugin.
    const draft = await mkdtemp(join(pluginsDir, `.${name}-`));
    await bundleProvider(name, draft);
    await writeFile(join(draft, STAMP), digest);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    made.push(name);
  }
  return made;
}
