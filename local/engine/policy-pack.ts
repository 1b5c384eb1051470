import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb.js";
import type { Command } from "./program.ts";

/** What of a request to run a plugin decides how a policy pack is started. */
export type PackRequest = Pick<RunPluginRequest, "getKind" | "getInfo" | "getArgsList" | "getEnvList">;

/**
 * The command line of a policy pack that is JavaScript: its package's `main`, in its own folder, with the engine's
 * address.
 * The SDK's own runner of packs sets TypeScript up first, for most of a second.
 *
 * @throws {Error} for a plugin of another kind, and for a pack that asks for what only the official host does
 */
export function policyPackCommand(request: PackRequest, own: NodeJS.ProcessEnv): Command {
  const kind = request.getKind();
  if (kind !== "analyzer") throw new Error(`found a plugin of kind ${kind}, expected a policy pack`);
  const info = request.getInfo();
  const options = (info?.getOptions()?.toJavaScript() as Record<string, unknown> | undefined) ?? {};
  const names = Object.keys(options).filter((name) => name !== "typescript");
  if (options.typescript !== false || names.length > 0) {
    const found = names.length > 0 ? names.join(", ") : `typescript: ${String(options.typescript ?? true)}`;
    throw new Error(`PulumiPolicy.yaml: runtime.options: found ${found}; expected typescript: false only`);
  }
  const folder = info?.getProgramDirectory() ?? "";
  const env = request.getEnvList().map((line): [string, string] => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)];
  });
  return {
    file: process.execPath,
    args: [folder, ...request.getArgsList()],
    cwd: folder,
    env: { ...own, ...Object.fromEntries(env) },
  };
}
