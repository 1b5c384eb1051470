import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";

export interface SshTarget {
  readonly host: string;
  readonly user?: string;
  readonly port?: string;
  /** Further options of the ssh command, as in the provider's `sshOpts`. */
  readonly options: readonly string[];
}

/** The arguments of `ssh` that give the daemon's API on stdin and stdout. */
export function sshArguments({ host, user, port, options }: SshTarget): string[] {
  return [
    ...options,
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", port]),
    // Nobody sits at this terminal: a question would hang for ever.
    "-o",
    "BatchMode=yes",
    "--",
    host,
    "docker",
    "system",
    "dial-stdio",
  ];
}

function connection(target: SshTarget): Duplex {
  const child = spawn("ssh", sshArguments(target), { stdio: ["pipe", "pipe", "pipe"] });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = `${complaint}${text}`.slice(-1000);
  });
  child.on("error", (error) => stream.destroy(error));
  child.on("close", (code) => {
    if (code !== 0 && !stream.destroyed) {
      stream.destroy(new Error(`ssh to ${target.host} ended with ${code}: ${complaint.trim()}`));
    }
  });
  stream.on("close", () => child.kill());
  return stream;
}

/**
 * Reaches a Docker daemon through the ssh command, as the docker client and the official provider do: the
 * user's keys, `~/.ssh/config` and, above all, known_hosts hold. Each request has a connection of its own.
 */
export class SshAgent extends Agent {
  readonly #target: SshTarget;

  constructor(target: SshTarget) {
    super({ keepAlive: false });
    this.#target = target;
  }

  override createConnection(): Duplex {
    return connection(this.#target);
  }
}
