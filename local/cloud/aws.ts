import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Launch } from "./process.ts";
import type { CloudSettings } from "./types.ts";

const SERVE = fileURLToPath(new URL("../aws/serve.py", import.meta.url));

export const accountId = "000000000000";

const credentialsSchema = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** The key of the account's root user, for the supervisor alone: the emulator does not check its signature. */
export type RootCredentials = z.infer<typeof credentialsSchema>;

/** Writes a file that only its owner may read, and never half of it. */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.part`;
  writeFileSync(draft, text, { mode: 0o600 });
  // The mode above is of no effect on a draft that an interrupted run left.
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

/** The root credentials of this state folder's AWS account, made on first use. */
export function rootCredentials(stateDir: string): RootCredentials {
  const file = join(stateDir, "aws", "root.json");
  if (existsSync(file)) return credentialsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const suffix = [...randomBytes(16)].map((byte) => letters[byte % letters.length]).join("");
  const credentials = {
    accessKeyId: `AKIA${suffix}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  writePrivate(file, JSON.stringify(credentials));
  return credentials;
}

/**
 * How the AWS emulator is started: signatures and IAM enforced, on loopback alone, everything it knows kept in the
 * state folder. Its environment is written out, because the Lambda functions it runs inherit it.
 */
export function awsLaunch(settings: CloudSettings, credentials: RootCredentials, path: string): Launch {
  const home = join(settings.stateDir, "aws");
  const { hostname, port } = new URL(settings.aws.endpoint);
  return {
    command: settings.awsPython,
    args: [SERVE],
    url: settings.aws.endpoint,
    // The interpreter's path names the exact packages.
    version: readFileSync(SERVE, "utf8"),
    env: {
      PATH: path,
      LANG: "C.UTF-8",
      HOME: home,
      TMPDIR: join(home, "tmp"),
      PYTHONUNBUFFERED: "1",
      AUTH: "true",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      MINISTACK_ACCOUNT_ID: accountId,
      MINISTACK_REGION: settings.aws.region,
      // Queue URLs and the like name this host; a name could resolve to an address where nothing listens.
      MINISTACK_HOST: hostname,
      BIND_HOST: hostname,
      GATEWAY_PORT: port,
      PERSIST_STATE: "1",
      STATE_DIR: join(home, "state"),
      S3_PERSIST: "1",
      S3_DATA_DIR: join(home, "s3"),
      // These listen on every interface, and nothing here needs them.
      IOT_MTLS_ENABLED: "0",
      SFTP_ENABLED: "0",
      // It would look through Docker for containers of its own; functions run as processes here.
      DOCKER_HOST: `unix://${join(home, "no-docker.sock")}`,
    },
  };
}

/** Folders that the emulator expects to exist. */
export function prepareAws(stateDir: string): void {
  const tmp = join(stateDir, "aws", "tmp");
  mkdirSync(tmp, { recursive: true, mode: 0o700 });
  // Functions are unpacked here. The state folder may lie in a package of ES modules, as this project is; on AWS
  // there is no package above a function.
  writeFileSync(join(tmp, "package.json"), '{ "type": "commonjs" }\n');
  mkdirSync(join(stateDir, "aws", "s3"), { recursive: true });
}

/** Unpacked functions of an emulator that ended without being told to: it makes new ones and forgets these. */
export function cleanAws(stateDir: string): void {
  rmSync(join(stateDir, "aws", "tmp"), { recursive: true, force: true });
  prepareAws(stateDir);
}

const healthSchema = z.object({ version: z.string(), auth: z.string() });

/** What the emulator answers when asked how it is: its version, or why it is not well. */
export async function awsHealth(endpoint: string): Promise<{ healthy: boolean; detail: string }> {
  const response = await fetch(new URL("/_ministack/health", endpoint), {
    signal: AbortSignal.timeout(5_000),
  });
  const health = healthSchema.safeParse(await response.json());
  if (!health.success) return { healthy: false, detail: "it does not answer as the AWS emulator does" };
  const { version, auth } = health.data;
  if (auth !== "enabled") return { healthy: false, detail: "it does not check signatures" };
  return { healthy: true, detail: `ministack ${version}` };
}
