import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { AssetArchive } from "@pulumi/pulumi/asset/archive.js";
import { FileAsset, StringAsset } from "@pulumi/pulumi/asset/asset.js";
import { folderFingerprint } from "../components/plan/fingerprint.ts";
import { bundle, REQUIRE } from "./bundle.js";
import { contextArchive } from "./context-archive.ts";

/** How what runs without this project's packages is bundled. */
const STANDALONE = {
  // ES modules where a package has them: only what is used comes along.
  mainFields: ["module", "main"],
  minify: true,
  legalComments: "none",
  // dockerode can reach a daemon by SSH; the agent has its socket.
  alias: { ssh2: "./runner/no-ssh.js" },
  banner: REQUIRE,
} as const;

/** The bundle of a program, relative to the root. */
export function standalone(root: string, entry: string): string {
  const options = { ...STANDALONE, mainFields: [...STANDALONE.mainFields] };
  return bundle(root, entry, ["contracts", "clients", "functions", "runner"], options);
}

/**
 * A function's code, with the handler as `index.handler`, and small files beside it by name. The code is a file: text
 * would stand in state, a megabyte of it.
 */
export function functionCode(
  root: string,
  name: string,
  files: Readonly<Record<string, string>> = {},
): AssetArchive {
  return new AssetArchive({
    "index.mjs": new FileAsset(standalone(root, `functions/${name}/index.ts`)),
    ...Object.fromEntries(Object.entries(files).map(([file, text]) => [file, new StringAsset(text)])),
  });
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
  copyFileSync(join(root, standalone(root, "runner/main.ts")), join(folder, "agent.mjs"));
  return { context, fingerprint: folderFingerprint(folder) };
}

/** The images' contexts, each as one file that `docker build -` takes. */
export function imageArchives(
  root: string,
  contexts: { readonly builder: BuildContext; readonly agent: BuildContext },
): { readonly builder: Promise<FileAsset>; readonly agent: Promise<FileAsset> } {
  const archive = async ({ context, fingerprint }: BuildContext) =>
    new FileAsset(await contextArchive(root, context, fingerprint));
  return { builder: archive(contexts.builder), agent: archive(contexts.agent) };
}
