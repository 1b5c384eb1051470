import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";

/** Who listens on a port. */
export interface PortHolder {
  readonly pid: number;
  /** The command line, shortened. */
  readonly command: string;
}

/** Whether something accepts connections on a port of 127.0.0.1. */
export function portTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const finish = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(2_000, () => finish(true));
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
  });
}

/**
 * The inodes of the sockets that listen on a port and can answer on loopback, from the text of /proc/net/tcp.
 * Addresses there are hexadecimal and in the machine's byte order, ports are hexadecimal, state 0A is LISTEN.
 */
export function listeningInodes(table: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === "0A" && fields[1]?.split(":")[1] === wanted)
    .flatMap((fields) => fields[9] ?? []);
}

/** The process that listens on a port; nothing where the system does not tell, or tells only its owner. */
export function portHolder(port: number): PortHolder | undefined {
  const inodes = new Set(
    ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => listeningInodes(readQuietly(file), port)),
  );
  if (inodes.size === 0) return undefined;
  for (const pid of listQuietly("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of listQuietly(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkQuietly(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode !== undefined && inodes.has(inode)) {
        const command = readQuietly(`/proc/${pid}/cmdline`).split("\0").join(" ").trim();
        return { pid: Number(pid), command: command.length > 120 ? `${command.slice(0, 117)}...` : command };
      }
    }
  }
  return undefined;
}

// Processes come and go while they are looked at, and those of other users may not be looked at.
const quietly = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch {
    return otherwise;
  }
};
const readQuietly = (file: string) => quietly(() => readFileSync(file, "utf8"), "");
const listQuietly = (folder: string) => quietly<readonly string[]>(() => readdirSync(folder), []);
const linkQuietly = (file: string) => quietly(() => readlinkSync(file), "");
