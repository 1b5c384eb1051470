import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { folderFingerprint, isProgram } from "../../components/plan/fingerprint.ts";
import type { Launch } from "./process.ts";
import { type CloudSettings, cloudSchema } from "./types.ts";

const accessSchema = cloudSchema.shape.github.omit({ pid: true });

/** What the GitHub front tells about itself in `<state>/github.json`. */
export type GithubAccess = z.infer<typeof accessSchema>;

/** How the GitHub front is started. */
export function githubLaunch(settings: CloudSettings, path: string): Launch {
  const main = fileURLToPath(new URL("../github/main.ts", import.meta.url));
  const { port } = new URL(settings.github.baseUrl);
  return {
    command: process.execPath,
    args: [
      "--import",
      import.meta.resolve("tsx"),
      main,
      "--port",
      port,
      "--state",
      settings.stateDir,
      "--organization",
      settings.organization,
    ],
    url: settings.github.baseUrl,
    // The front runs from the work tree: after a pull the one that runs is of yesterday.
    version: folderFingerprint(dirname(main), isProgram),
    env: { PATH: path, LANG: "C.UTF-8", HOME: join(settings.stateDir, "github") },
  };
}

/** Folders that the front expects to exist. */
export function prepareGithub(stateDir: string): void {
  mkdirSync(join(stateDir, "github"), { recursive: true, mode: 0o700 });
}

/** Whether the front answers. */
export async function githubHealth(baseUrl: string): Promise<{ healthy: boolean; detail: string }> {
  const response = await fetch(new URL("/_health", baseUrl), { signal: AbortSignal.timeout(5_000) });
  return response.ok
    ? { healthy: true, detail: "REST API, webhooks and git over HTTP" }
    : { healthy: false, detail: `it answers with status ${response.status}` };
}

/** Reads what the front wrote. Throws when the file is missing or not what it should be. */
export function readGithubAccess(stateDir: string): GithubAccess {
  const file = join(stateDir, "github.json");
  if (!existsSync(file)) throw new Error(`the GitHub front did not write ${file}`);
  return accessSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}
