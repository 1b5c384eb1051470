import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { FileAsset } from "@pulumi/pulumi/asset/asset.js";
import { folderFingerprint } from "../components/plan/fingerprint.ts";
import type { Bundler } from "./bundle.ts";

/** A function's code, with the handler as `index.handler`. A file: text would stand in state, a megabyte of it. */
export function functionCode(bundler: Bundler, name: string): AssetArchive {
  return new AssetArchive({ "index.mjs": new FileAsset(bundler.bundle(`functions/${name}/index.ts`)) });
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
export function agentContext(root: string, bundler: Bundler): BuildContext {
  const context = join("dist", "runner");
  const folder = join(root, context);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, "runner", "Dockerfile"), join(folder, "Dockerfile"));
  copyFileSync(join(root, bundler.bundle("runner/main.ts")), join(folder, "agent.mjs"));
  return { context, fingerprint: folderFingerprint(folder) };
}
