import type Docker from "dockerode";
import type { Outputs } from "../framework/resource.ts";
import { type ContainerInputs, mebibytes } from "./container-options.ts";

type Networks = NonNullable<ContainerInputs["networksAdvanced"]>;

/** The daemon's defaults: as good as not given. */
const NO_LIMIT: readonly unknown[] = [undefined, null, 0, -1, ""];
export const DEFAULT_CPU_SHARES = 1024;
/** Bytes, more than any machine has: how a container is told that its memory is not limited any more. */
export const UNLIMITED_MEMORY = 2 ** 50;

/** The networks that the container is on, each as the program named it, by name or by id. */
function networks(actual: Docker.ContainerInspectInfo, prior: Networks | undefined): Networks | undefined {
  const attached = Object.entries(actual.NetworkSettings.Networks ?? {});
  const written = attached.map(([name, { NetworkID }]) => ({
    name,
    as: prior?.find((network) => network.name === name || network.name === NetworkID),
  }));
  const own = actual.HostConfig.NetworkMode;
  const list = written
    // The one of `networkMode` is no news where the program does not list networks.
    .filter(
      ({ name, as }) => as !== undefined || (prior !== undefined ? true : name !== own && own !== "default"),
    )
    .map(({ name, as }) => as ?? { name });
  const order = (network: Networks[number]) => prior?.indexOf(network) ?? 0;
  list.sort((a, b) => order(a) - order(b));
  return list.length === 0 ? undefined : list;
}

/** What a running container may have been changed to by others, in the SDK's units. */
function limitsFound({ HostConfig }: Docker.ContainerInspectInfo): Partial<ContainerInputs> {
  const { Memory, MemorySwap, MemoryReservation, CpuShares, CpusetCpus, NanoCpus } = HostConfig;
  return {
    ...(Memory === undefined ? {} : { memory: Memory >= UNLIMITED_MEMORY ? 0 : mebibytes(Memory) }),
    ...(MemorySwap === undefined ? {} : { memorySwap: mebibytes(MemorySwap) }),
    ...(MemoryReservation === undefined ? {} : { memoryReservation: mebibytes(MemoryReservation) }),
    ...(CpuShares === undefined ? {} : { cpuShares: CpuShares }),
    ...(CpusetCpus === undefined ? {} : { cpuSet: CpusetCpus }),
    ...(NanoCpus === undefined ? {} : { cpus: String(NanoCpus / 1e9) }),
  };
}

function limit(key: keyof ContainerInputs, actual: unknown, prior: ContainerInputs | undefined): unknown {
  const before = prior?.[key];
  const none =
    NO_LIMIT.includes(actual) || actual === "0" || (key === "cpuShares" && actual === DEFAULT_CPU_SHARES);
  if (before === undefined) {
    // The daemon derives the swap limit from the memory limit: it is nobody's change.
    return none || key === "memorySwap" ? undefined : actual;
  }
  if (key === "cpus" && Number(before) === Number(actual)) {
    return before;
  }
  return none && NO_LIMIT.includes(before) ? before : actual;
}

/**
 * The inputs of a container as it is. Most of a container is fixed when it is made, and so is what the program
 * gave; the rest is read: whether it runs, on which image, with which limits, on which networks. `imageId` is
 * the image that the name in `prior.image` stands for now; undefined where the name is an id or stands for none.
 */
export function containerInputs(
  actual: Docker.ContainerInspectInfo,
  prior: ContainerInputs | undefined,
  imageId: string | undefined,
): ContainerInputs {
  const { Name: restart = "no", MaximumRetryCount } = actual.HostConfig.RestartPolicy ?? {};
  const stale = prior !== undefined && imageId !== undefined && imageId !== actual.Image;
  const inputs: Record<string, unknown> = {
    ...prior,
    name: actual.Name.replace(/^\//, ""),
    image: stale ? actual.Image : (prior?.image ?? actual.Config.Image),
    restart: restart === "" ? "no" : restart,
    networkMode: prior === undefined ? actual.HostConfig.NetworkMode : prior.networkMode,
    networksAdvanced: networks(actual, prior?.networksAdvanced),
    maxRetryCount: MaximumRetryCount || prior?.maxRetryCount,
    // A stopped container is shown as one that need not run, so that the next up starts it.
    mustRun: prior?.mustRun !== false && (actual.State.Running || prior?.start === false),
  };
  for (const [key, value] of Object.entries(limitsFound(actual))) {
    inputs[key] = limit(key as keyof ContainerInputs, value, prior);
  }
  const given = Object.entries(inputs).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as ContainerInputs;
}

/** The official provider's outputs that are not inputs. */
export function containerOutputs(actual: Docker.ContainerInspectInfo): Outputs {
  const attached = Object.entries(actual.NetworkSettings.Networks ?? {});
  return {
    hostname: actual.Config.Hostname,
    ...(actual.State.Running ? {} : { exitCode: actual.State.ExitCode }),
    networkDatas: attached.map(([networkName, network]) => ({
      networkName,
      gateway: network.Gateway,
      ipAddress: network.IPAddress,
      ipPrefixLength: network.IPPrefixLen,
      macAddress: network.MacAddress,
    })),
  };
}
