import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import type Docker from "dockerode";
import type { BuildLimits } from "../contracts/runner-settings.ts";

/** Labels by which a runner finds the containers of its builds again. */
export const LABELS = { runner: "io.hypriot.runner", build: "io.hypriot.build" } as const;

/** What the builder needs to own, make and enter a tree of another architecture, and no more. */
export const CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "MKNOD",
  "SETFCAP",
  "SETGID",
  "SETUID",
  "SYS_CHROOT",
];

const MAX_PROCESSES = 4096;
const MIB = 1024 * 1024;

/** How the container's exit code tells what happened: build, test and boot run one after the other on the same folders. */
export const EXIT = { done: 0, build: 1, repository: 2, tests: 3, testsWrong: 4, boot: 5 } as const;

const SCRIPT = `
/opt/builder/builder build
case $? in 0) ;; 2) exit ${EXIT.repository} ;; *) exit ${EXIT.build} ;; esac
/opt/builder/builder test
case $? in 0) ;; 2) exit ${EXIT.testsWrong} ;; *) exit ${EXIT.tests} ;; esac
[ -n "$BOOT_TEST" ] || exit ${EXIT.done}
/opt/builder/builder boot
case $? in 0) exit ${EXIT.done} ;; 2) exit ${EXIT.testsWrong} ;; *) exit ${EXIT.boot} ;; esac
`;

export interface ContainerSpec {
  readonly image: string;
  readonly runner: string;
  /** The build's key. */
  readonly build: string;
  readonly cacheVolume: string;
  /** Untrusted builds read what trusted ones cached, and leave nothing. */
  readonly cacheReadOnly: boolean;
  readonly limits: BuildLimits;
  readonly version: string;
  /** Seconds since the epoch. */
  readonly epoch: number;
  /** Whether the image is booted after its tests. */
  readonly bootTest: boolean;
}

function options(spec: ContainerSpec): Docker.ContainerCreateOptions {
  const { limits } = spec;
  const memory = limits.memoryMiB * MIB;
  return {
    Image: spec.image,
    Entrypoint: ["/bin/sh", "-c", SCRIPT],
    Cmd: [],
    Env: [
      `HYPRIOTOS_VERSION=${spec.version}`,
      `SOURCE_DATE_EPOCH=${spec.epoch}`,
      ...(spec.bootTest ? ["BOOT_TEST=1"] : []),
    ],
    Labels: { [LABELS.runner]: spec.runner, [LABELS.build]: spec.build },
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      Init: true,
      CapDrop: ["ALL"],
      CapAdd: CAPABILITIES,
      SecurityOpt: ["no-new-privileges"],
      NetworkMode: "bridge",
      PidsLimit: MAX_PROCESSES,
      Memory: memory,
      // Memory and swap together: no swap.
      MemorySwap: memory,
      NanoCpus: Math.round(limits.cpus * 1e9),
      Ulimits: [{ Name: "fsize", Soft: limits.diskMiB * MIB, Hard: limits.diskMiB * MIB }],
      // What it says is read as it says it; an endless log fills no disk.
      LogConfig: { Type: "none", Config: {} },
      Mounts: [
        {
          Type: "volume",
          Source: spec.cacheVolume,
          Target: "/cache",
          ReadOnly: spec.cacheReadOnly,
          VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "", Options: {} } },
        },
      ],
    },
  };
}

export interface Ended {
  readonly code: number;
  /** The kernel ended a process of it for want of memory. */
  readonly outOfMemory: boolean;
}

/** One build's throwaway container. */
export class BuildContainer {
  readonly #container: Docker.Container;
  readonly #docker: Docker;

  private constructor(docker: Docker, container: Docker.Container) {
    this.#docker = docker;
    this.#container = container;
  }

  static async create(docker: Docker, spec: ContainerSpec): Promise<BuildContainer> {
    return new BuildContainer(docker, await docker.createContainer(options(spec)));
  }

  /** The image that it runs, by its id. */
  async image(): Promise<string> {
    return (await this.#container.inspect()).Image;
  }

  /** Unpacks a tar at `path`. One that breaks off with an error breaks off the request. */
  async put(tar: Readable, path: string): Promise<void> {
    await this.#container.putArchive(tar, { path });
  }

  /** A tar of `path`; undefined when there is no such path. */
  async get(path: string): Promise<Readable | undefined> {
    try {
      return Readable.from(await this.#container.getArchive({ path }));
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** Starts it and gives all that it writes to `take` until it ends; `signal` kills it. */
  async run(take: (chunk: Buffer) => void, signal: AbortSignal): Promise<Ended> {
    const attached = await this.#container.attach({ stream: true, stdout: true, stderr: true });
    const output = new PassThrough();
    output.on("data", take);
    this.#docker.modem.demuxStream(attached, output, output);
    const closed = once(attached, "end");
    const exited: Promise<{ StatusCode: number }> = this.#container.wait({ condition: "next-exit" });
    // A failure before they are waited for is no unhandled one.
    closed.catch(() => undefined);
    exited.catch(() => undefined);
    const kill = () => void this.kill().catch(() => undefined);
    try {
      await this.#container.start();
      // Listens first, so that what comes between is not missed.
      signal.addEventListener("abort", kill);
      if (signal.aborted) kill();
      const { StatusCode: code } = await exited;
      await closed;
      const { State } = await this.#container.inspect();
      return { code, outOfMemory: State.OOMKilled };
    } finally {
      signal.removeEventListener("abort", kill);
      output.end();
    }
  }

  /** Bytes that it wrote to its own layer. */
  async size(): Promise<number> {
    // The client's types leave `size` out.
    const query: Docker.ContainerInspectOptions & { readonly size: boolean } = { size: true };
    const seen = await this.#container.inspect(query);
    return "SizeRw" in seen && typeof seen.SizeRw === "number" ? seen.SizeRw : 0;
  }

  async kill(): Promise<void> {
    await this.#container.kill().catch((error: unknown) => {
      // It is gone, or ended by itself.
      if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
    });
  }

  async remove(): Promise<void> {
    await removeContainer(this.#container);
  }
}

/** Removes what earlier builds of this runner left: all, or those of one build. */
export async function removeLeftovers(docker: Docker, runner: string, build?: string): Promise<number> {
  const label = [`${LABELS.runner}=${runner}`, ...(build === undefined ? [] : [`${LABELS.build}=${build}`])];
  const left = await docker.listContainers({ all: true, filters: { label } });
  for (const { Id } of left) await removeContainer(docker.getContainer(Id));
  return left.length;
}

async function removeContainer(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch((error: unknown) => {
    // Gone, or being removed by the daemon.
    if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
  });
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : undefined;
}
