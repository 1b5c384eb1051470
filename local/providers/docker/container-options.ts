import type { ContainerArgs } from "@pulumi/docker/container.js";
import type Docker from "dockerode";
import type { Inputs } from "../framework/resource.ts";
import { labelMap } from "./client.ts";

export type ContainerInputs = Inputs<ContainerArgs>;
type HostConfig = NonNullable<Docker.ContainerCreateOptions["HostConfig"]>;
type Mount = NonNullable<ContainerInputs["mounts"]>[number];

const MEBIBYTE = 1024 * 1024;
const NANOSECONDS = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const;

/** Docker's durations, `1m30s`, in nanoseconds; undefined where the text is none. */
export function duration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    return text === "0" ? 0 : undefined;
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * NANOSECONDS[unit as keyof typeof NANOSECONDS];
  }
  return Math.round(total);
}

/** Mebibytes, as the SDK counts, in bytes; -1 (no limit) as it is. */
export const bytes = (mebibytes: number): number => (mebibytes > 0 ? mebibytes * MEBIBYTE : mebibytes);
export const mebibytes = (count: number): number => (count > 0 ? count / MEBIBYTE : count);

/** Whole CPUs as text, `1.5`, in the daemon's billionths. */
export const nanoCpus = (cpus: string): number => Math.round(Number(cpus) * 1e9);

/** Without the members that say nothing, which the daemon must not see as zero. */
function given<Value extends object>(
  value: Value,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members) as { [Key in keyof Value]?: Exclude<Value[Key], undefined> };
}

function mount(input: Mount): Record<string, unknown> {
  const { bindOptions, volumeOptions, tmpfsOptions } = input;
  return given({
    Type: input.type,
    Target: input.target,
    Source: input.source,
    ReadOnly: input.readOnly,
    BindOptions: bindOptions && given({ Propagation: bindOptions.propagation }),
    VolumeOptions: volumeOptions && given({ NoCopy: volumeOptions.noCopy }),
    TmpfsOptions: tmpfsOptions && given({ SizeBytes: tmpfsOptions.sizeBytes, Mode: tmpfsOptions.mode }),
  });
}

/** `source:target:options` for each volume that has a source: a path of the host before a volume's name. */
function binds(inputs: ContainerInputs): string[] {
  return (inputs.volumes ?? []).flatMap(({ hostPath, volumeName, containerPath, readOnly }) => {
    const source = hostPath ?? volumeName;
    return source === undefined || containerPath === undefined
      ? []
      : [`${source}:${containerPath}${readOnly === true ? ":ro" : ":rw"}`];
  });
}

/** The limits that the daemon can change while the container runs. */
export function limits(inputs: ContainerInputs) {
  const { memory, memorySwap, memoryReservation, cpuShares, cpuSet } = inputs;
  return given({
    Memory: memory === undefined ? undefined : bytes(memory),
    MemorySwap: memorySwap === undefined ? undefined : bytes(memorySwap),
    MemoryReservation: memoryReservation === undefined ? undefined : bytes(memoryReservation),
    CpuShares: cpuShares,
    CpusetCpus: cpuSet,
  });
}

export function restartPolicy(inputs: ContainerInputs) {
  const { restart: Name = "no", maxRetryCount = 0 } = inputs;
  return { Name, MaximumRetryCount: Name === "on-failure" ? maxRetryCount : 0 };
}

/** The endpoint's settings for one of `networksAdvanced`. */
export function endpoint(network: NonNullable<ContainerInputs["networksAdvanced"]>[number]) {
  return given({
    Aliases: network.aliases,
    IPAMConfig: network.ipv4Address === undefined ? undefined : { IPv4Address: network.ipv4Address },
  });
}

function hostConfig(inputs: ContainerInputs): HostConfig {
  const first = inputs.networksAdvanced?.[0];
  const mounts = inputs.mounts?.map(mount);
  return given({
    ...limits(inputs),
    NanoCpus: inputs.cpus === undefined ? undefined : nanoCpus(inputs.cpus),
    RestartPolicy: restartPolicy(inputs),
    // Made on its own network, so that it is not on the default bridge even for a moment.
    NetworkMode: first === undefined ? (inputs.networkMode ?? "bridge") : first.name,
    Mounts: mounts as HostConfig["Mounts"],
    Binds: inputs.volumes === undefined ? undefined : binds(inputs),
    Tmpfs: inputs.tmpfs && { ...inputs.tmpfs },
    CapAdd: inputs.capabilities?.adds,
    CapDrop: inputs.capabilities?.drops,
    SecurityOpt: inputs.securityOpts,
    GroupAdd: inputs.groupAdds,
    ReadonlyRootfs: inputs.readOnly ?? false,
    AutoRemove: inputs.rm ?? false,
    Init: inputs.init ?? false,
    LogConfig:
      inputs.logDriver === undefined && inputs.logOpts === undefined
        ? undefined
        : { Type: inputs.logDriver ?? "", Config: { ...inputs.logOpts } },
  }) as HostConfig;
}

/** What the daemon is asked to create. */
export function containerOptions(inputs: ContainerInputs): Docker.ContainerCreateOptions {
  const check = inputs.healthcheck;
  const nanoseconds = (text: string | undefined) => (text === undefined ? undefined : duration(text));
  const first = inputs.networksAdvanced?.[0];
  return given({
    name: inputs.name,
    Image: inputs.image,
    Hostname: inputs.hostname,
    User: inputs.user,
    WorkingDir: inputs.workingDir,
    Env: inputs.envs,
    Cmd: inputs.command,
    Entrypoint: inputs.entrypoints,
    Labels: inputs.labels === undefined ? undefined : labelMap(inputs.labels),
    StopSignal: inputs.stopSignal,
    StopTimeout: inputs.stopTimeout,
    Healthcheck:
      check &&
      given({
        Test: check.tests,
        Interval: nanoseconds(check.interval),
        Timeout: nanoseconds(check.timeout),
        StartPeriod: nanoseconds(check.startPeriod),
        StartInterval: nanoseconds(check.startInterval),
        Retries: check.retries,
      }),
    HostConfig: hostConfig(inputs),
    NetworkingConfig: first && { EndpointsConfig: { [first.name]: endpoint(first) } },
  }) as Docker.ContainerCreateOptions;
}

function within(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted === "object" && wanted !== null && !Array.isArray(wanted)) {
    const there = (actual ?? {}) as Record<string, unknown>;
    return Object.entries(wanted).every(([key, member]) => within(member, there[key]));
  }
  if (Array.isArray(wanted)) {
    const there = Array.isArray(actual) ? actual : [];
    return wanted.every((member) => there.some((other) => within(member, other)));
  }
  return wanted === actual || (actual === undefined && (wanted === false || wanted === 0 || wanted === ""));
}

/** Whether a container is what `options` ask for, whatever its image adds to it. */
export function matches(
  options: Docker.ContainerCreateOptions,
  actual: Docker.ContainerInspectInfo,
): boolean {
  const { name, HostConfig, NetworkingConfig: _, ...config } = options;
  return actual.Name === `/${name}` && within(config, actual.Config) && within(HostConfig, actual.HostConfig);
}
