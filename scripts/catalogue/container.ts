import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { CAPABILITIES } from "../../runner/container.ts";

export interface ContainerRun {
  readonly image: string;
  /** A line of shell. */
  readonly script: string;
  /** `source:target[:ro]` each. */
  readonly volumes: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly network: "bridge" | "host" | "none";
  /** Where everything that it prints goes. */
  readonly log: string;
}

export interface ContainerEnd {
  readonly code: number;
  readonly seconds: number;
}

/** Runs a line of shell in the builder image, with the rights that a build has in the pipeline. */
export async function runContainer(run: ContainerRun): Promise<ContainerEnd> {
  const args = [
    ...["run", "--rm", "--init", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
    ...CAPABILITIES.flatMap((name) => ["--cap-add", name]),
    ...["--network", run.network],
    ...run.volumes.flatMap((volume) => ["--volume", volume]),
    ...Object.entries(run.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...["--entrypoint", "/bin/sh", run.image, "-c", run.script],
  ];
  const since = performance.now();
  const log = createWriteStream(run.log);
  await once(log, "open");
  const child = spawn("docker", args, { stdio: ["ignore", log, log] });
  const [code] = await once(child, "close");
  log.end();
  return { code: Number(code ?? 1), seconds: (performance.now() - since) / 1000 };
}
