import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { StringAsset } from "@pulumi/pulumi/asset/asset.js";
import { buildSync } from "esbuild";
import { folderFingerprint } from "../components/plan/fingerprint.ts";

/** A bundle's CommonJS dependencies ask for `require`, which an ES module lacks. */
const REQUIRE_BANNER =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * One ES module of a program and all that it imports. The same sources give the same text wherever the
 * checkout lies, so that an unchanged function is no change in a preview.
 */
export function bundle(root: string, entry: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    legalComments: "none",
    logLevel: "error",
    banner: { js: REQUIRE_BANNER },
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`${entry}: esbuild wrote no output`);
  return output.text;
}

/** A function's code, with the handler as `index.handler`. */
export function functionCode(root: string, name: string): AssetArchive {
  return new AssetArchive({ "index.mjs": new StringAsset(bundle(root, `functions/${name}/index.ts`)) });
}

/** A build context relative to the project's root, and what it contains. */
export interface BuildContext {
  readonly context: string;
  readonly fingerprint: string;
}

export function builderContext(root: string): BuildContext {
  return { context: "builder", fingerprint: folderFingerprint(join(root, "builder")) };
}

/** Writes the agent's bundle beside its Dockerfile, where Docker finds both. */
export function agentContext(root: string): BuildContext {
  const context = join("dist", "runner");
  const folder = join(root, context);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, "runner", "Dockerfile"), join(folder, "Dockerfile"));
  writeFileSync(join(folder, "agent.mjs"), bundle(root, "runner/main.ts"));
  return { context, fingerprint: folderFingerprint(folder) };
}
