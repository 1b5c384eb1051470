import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Plugin as EsbuildPlugin } from "esbuild";
import { folderFingerprint, isProgram } from "../../components/plan/fingerprint.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** A start takes a tenth of a second. */
const COMPILE_MS = 60_000;
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
  /** Modules that the bundle gets another file for, relative to the repository. */
  readonly standIns?: Readonly<Record<string, string>>;
  /** Further files beside the program, name → text. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What every plugin is started by. */
const LAUNCHER = join(import.meta.dirname, "launch.cjs");

/** The plugin's sources, with the lock file for all that they import, and the Node.js that compiled them. */
function sourcesDigest(plugin: Plugin): string {
  const hash = createHash("sha256").update(process.version);
  for (const file of ["package-lock.json", LAUNCHER]) hash.update(readFileSync(resolve(ROOT, file)));
  for (const folder of [dirname(plugin.entry), ...plugin.shared]) {
    hash.update(folderFingerprint(join(ROOT, folder), isProgram));
  }
  hash.update(JSON.stringify([plugin.standIns, plugin.files]));
  return hash.digest("hex");
}

/** An esbuild plugin that resolves just these modules to files of the repository. */
function replaceModules(standIns: Readonly<Record<string, string>>): EsbuildPlugin {
  return {
    name: "stand-ins",
    setup: ({ onResolve }) =>
      onResolve({ filter: /^[^./]/ }, ({ path }) => {
        const file = standIns[path];
        return file === undefined ? undefined : { path: join(ROOT, file) };
      }),
  };
}

/**
 * Bundles the program into `folder`, with what V8 makes of it. One file: a vendor's client is in it, but what it does
 * at its start is done when it is first used.
 */
async function bundlePlugin(plugin: Plugin, folder: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(ROOT, plugin.entry)],
    outfile: join(folder, "program.cjs"),
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    mainFields: ["module", "main"],
    // A script that is not a file has no loader of its own for what Node.js itself brings.
    supported: { "dynamic-import": false },
    // Optional native parts of the SSH client that `dockerode` brings: it does without.
    external: ["*.node", "cpu-features"],
    plugins: [replaceModules(plugin.standIns ?? {})],
    logLevel: "warning",
  });
  await copyFile(LAUNCHER, join(folder, "main.cjs"));
  for (const [name, text] of Object.entries(plugin.files ?? {})) await writeFile(join(folder, name), text);
  const executable = join(folder, plugin.executable);
  await writeFile(executable, '#!/bin/sh\nexec node "$(dirname "$0")/main.cjs" "$@"\n');
  await chmod(executable, 0o755);
  // No engine listens there. With this Node.js, and started as the engine does, or it would be compiled anew.
  await promisify(execFile)(executable, ["--compile", "127.0.0.1:0"], {
    cwd: folder,
    timeout: COMPILE_MS,
  });
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
