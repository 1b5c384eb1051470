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

/** How much of what ssh complains about is kept for the error. */
const COMPLAINT_LENGTH = 1000;

/** A stream to the daemon. Whatever goes wrong, its error is what ssh says of it, not the broken pipe that follows. */
function connection(target: SshTarget): Duplex {
  const child = spawn("ssh", sshArguments(target), { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  const stream = new Duplex({
    read: () => child.stdout.resume(),
    write: (chunk, encoding, done) => {
      // A failed write is not answered: the end of ssh, which comes with it, tells why.
      child.stdin.write(chunk, encoding, (error) => (error ? undefined : done()));
    },
    final: (done) => {
      child.stdin.end(() => done());
    },
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdin.on("error", () => undefined);
  child.stdout.on("data", (chunk: Buffer) => stream.push(chunk) || child.stdout.pause());
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = `${complaint}${text}`.slice(-COMPLAINT_LENGTH);
  });
  child.on("error", (error) => stream.destroy(error));
  child.on("close", (code) => {
    if (code === 0) {
      stream.push(null);
    } else if (!stream.destroyed) {
      stream.destroy(new Error(`ssh to ${target.host} ended with ${code}: ${complaint.trim()}`));
    }
  });
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
