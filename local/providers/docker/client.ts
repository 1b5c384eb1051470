import { isAbsolute } from "node:path";
import Docker from "dockerode";
import { SshAgent } from "./ssh.ts";

/** The provider's configuration, by the official provider's property names. */
export interface DockerConfig {
  /** `unix:///path`, `ssh://[user@]host[:port]`, or `tcp://` to this machine. */
  readonly host?: string;
  readonly sshOpts?: readonly string[];
}

const DEFAULT_HOST = "unix:///var/run/docker.sock";
const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** What is wrong with a daemon's address; undefined where nothing is. */
export function hostProblem(host: string): string | undefined {
  const expected = "expected unix:///path, ssh://user@host or tcp://127.0.0.1:port";
  if (!URL.canParse(host)) {
    return `found ${JSON.stringify(host)}; ${expected}`;
  }
  const url = new URL(host);
  switch (url.protocol) {
    case "unix:":
      return isAbsolute(url.pathname) ? undefined : `found ${JSON.stringify(host)}; ${expected}`;
    case "ssh:":
      if (url.password !== "") {
        return "expected no password in the address: ssh uses keys";
      }
      return url.hostname === "" ? `found ${JSON.stringify(host)}; ${expected}` : undefined;
    case "tcp:":
      return LOOPBACK.includes(url.hostname)
        ? undefined
        : `found ${JSON.stringify(host)}; unencrypted TCP is root for everyone on the way: use ssh://user@host`;
    default:
      return `found ${JSON.stringify(host)}; ${expected}`;
  }
}

/** A client of the configured daemon. Does not connect: a preview must not need the runner's host. */
export function connect(config: DockerConfig, environment: NodeJS.ProcessEnv = process.env): Docker {
  const host = config.host ?? environment.DOCKER_HOST ?? DEFAULT_HOST;
  const problem = hostProblem(host);
  if (problem !== undefined) {
    throw new Error(`host: ${problem}`);
  }
  const url = new URL(host);
  if (url.protocol === "unix:") {
    // Named as undefined, or the client would take it from DOCKER_HOST all the same.
    return new Docker({ socketPath: url.pathname, host: undefined, protocol: "http" });
  }
  if (url.protocol === "tcp:") {
    return new Docker({ host: url.hostname, port: url.port || "2375", protocol: "http" });
  }
  const agent = new SshAgent({
    host: url.hostname,
    options: config.sshOpts ?? [],
    ...(url.username === "" ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.port === "" ? {} : { port: url.port }),
  });
  // The agent brings the connection; the client's address only fills the Host header.
  const options = { host: "docker", port: "80", protocol: "http" as const, agent };
  return new Docker(options);
}

/** The daemon's HTTP status of a failed request; undefined where the failure has none. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : undefined;
}

/** The answer, or undefined where the daemon says that there is no such thing. */
export async function found<Answer>(request: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) {
      return undefined;
    }
    throw error;
  }
}

/** Labels as the SDK has them, a list of pairs, as the daemon's map. */
export function labelMap(
  labels: readonly { readonly label: string; readonly value: string }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((labels ?? []).map(({ label, value }) => [label, value]));
}

/** The daemon's map of labels as the SDK has it, sorted by name; undefined for none. */
export function labelList(labels: Readonly<Record<string, string>> | null | undefined) {
  const list = Object.entries(labels ?? {}).map(([label, value]) => ({ label, value }));
  return list.length === 0 ? undefined : list.sort((a, b) => (a.label < b.label ? -1 : 1));
}
