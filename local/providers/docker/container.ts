import { setTimeout as delay } from "node:timers/promises";
import type { ContainerArgs } from "@pulumi/docker/container.js";
import type Docker from "dockerode";
import { AlreadyExists, afterCreate } from "../framework/errors.ts";
import type { ResourceHandler } from "../framework/resource.ts";
import { found, statusOf } from "./client.ts";
import {
  bytes,
  type ContainerInputs,
  containerOptions,
  endpoint,
  limits,
  matches,
  restartPolicy,
} from "./container-options.ts";
import { checkContainer, containerProperties } from "./container-properties.ts";
import { containerInputs, containerOutputs, DEFAULT_CPU_SHARES, UNLIMITED_MEMORY } from "./container-read.ts";
import { uploadArchive } from "./container-upload.ts";

const POLL_MILLISECONDS = 250;

async function healthy(docker: Docker, id: string, seconds: number): Promise<void> {
  for (let waited = 0; waited <= seconds * 1000; waited += POLL_MILLISECONDS) {
    const { State } = await docker.getContainer(id).inspect();
    if (State.Health === undefined) {
      throw new Error("wait: the container has no healthcheck to wait for");
    }
    if (State.Health.Status === "healthy") {
      return;
    }
    await delay(POLL_MILLISECONDS);
  }
  throw new Error(`wait: not healthy after ${seconds} s`);
}

async function start(docker: Docker, id: string, inputs: ContainerInputs): Promise<void> {
  const container = docker.getContainer(id);
  if (inputs.start === false) {
    return;
  }
  try {
    await container.start();
  } catch (error) {
    // 304: it runs already.
    if (statusOf(error) !== 304) {
      throw error;
    }
  }
  if (inputs.wait === true) {
    await healthy(docker, id, inputs.waitTimeout ?? 60);
  }
}

/** Everything after the container exists, in an order that can be repeated. */
async function complete(docker: Docker, id: string, inputs: ContainerInputs): Promise<void> {
  const container = docker.getContainer(id);
  const actual = await container.inspect();
  const attached = Object.entries(actual.NetworkSettings.Networks ?? {});
  for (const network of inputs.networksAdvanced ?? []) {
    if (!attached.some(([name, { NetworkID }]) => name === network.name || NetworkID === network.name)) {
      await docker.getNetwork(network.name).connect({ Container: id, EndpointConfig: endpoint(network) });
    }
  }
  if (actual.State.Running) {
    return;
  }
  if (inputs.uploads !== undefined && inputs.uploads.length > 0) {
    await container.putArchive(await uploadArchive(inputs.uploads), { path: "/" });
  }
  await start(docker, id, inputs);
}

async function make(docker: Docker, inputs: ContainerInputs): Promise<string> {
  const options = containerOptions(inputs);
  try {
    return (await docker.createContainer(options)).id;
  } catch (error) {
    if (statusOf(error) !== 409) {
      throw error;
    }
    const there = await found(docker.getContainer(inputs.name ?? "").inspect());
    if (there === undefined || !matches(options, there)) {
      throw new AlreadyExists(inputs.name ?? "", error);
    }
    // Just what would be made: left by an interrupted run, it may lack files, networks or its start.
    return there.Id;
  }
}

/** What the daemon is told to change on a container that has `actual` limits. */
function changedLimits(
  inputs: ContainerInputs,
  before: ContainerInputs,
  actual: Docker.ContainerInspectInfo["HostConfig"],
): Record<string, unknown> {
  const changed: Record<string, unknown> = limits(inputs);
  const policy = restartPolicy(inputs);
  const { Name = "no", MaximumRetryCount = 0 } = actual.RestartPolicy ?? {};
  if (policy.Name !== (Name || "no") || policy.MaximumRetryCount !== MaximumRetryCount) {
    changed.RestartPolicy = policy;
  }
  if (inputs.memory === undefined && before.memory !== undefined) {
    // The daemon takes zero for "as it is", and refuses -1 here.
    changed.Memory = UNLIMITED_MEMORY;
    changed.MemorySwap = UNLIMITED_MEMORY;
  } else if (inputs.memory !== undefined && inputs.memorySwap === undefined) {
    // Twice the memory, as the daemon chooses at creation: the old swap limit may be below the new memory limit.
    changed.MemorySwap = bytes(inputs.memory) * 2;
  }
  if (inputs.cpuShares === undefined && before.cpuShares !== undefined) {
    changed.CpuShares = DEFAULT_CPU_SHARES;
  }
  return changed;
}

export const container: ResourceHandler<ContainerArgs, Docker> = {
  type: "docker:index/container:Container",
  properties: containerProperties,
  deleteBeforeReplace: true,
  check: checkContainer,

  async create(docker, inputs) {
    const id = await make(docker, inputs);
    await afterCreate(id, {}, () => complete(docker, id, inputs));
    return { id, outputs: containerOutputs(await docker.getContainer(id).inspect()) };
  },

  async read(docker, id, prior) {
    const actual = await found(docker.getContainer(id).inspect());
    if (actual === undefined) {
      return undefined;
    }
    const image = prior?.inputs.image;
    const named = image === undefined || image.startsWith("sha256:") ? undefined : image;
    const current = named === undefined ? undefined : await found(docker.getImage(named).inspect());
    const inputs = containerInputs(actual, prior?.inputs, current?.Id);
    return { id: actual.Id, inputs, outputs: containerOutputs(actual) };
  },

  async update(docker, id, inputs, prior) {
    const container = docker.getContainer(id);
    const wanted = changedLimits(inputs, prior.inputs, (await container.inspect()).HostConfig);
    if (Object.keys(wanted).length > 0) {
      await container.update(wanted);
    }
    if (inputs.mustRun !== false) {
      await complete(docker, id, inputs);
    }
    return containerOutputs(await container.inspect());
  },

  async delete(docker, id, prior) {
    const container = docker.getContainer(id);
    const { destroyGraceSeconds = 0, removeVolumes = true } = prior.inputs;
    try {
      await container.stop({ t: destroyGraceSeconds });
    } catch (error) {
      // 304: stopped already.
      if (statusOf(error) !== 304 && statusOf(error) !== 404) {
        throw error;
      }
    }
    try {
      await container.remove({ force: true, v: removeVolumes });
    } catch (error) {
      // 409: the daemon removes it at this moment (`rm`).
      if (statusOf(error) !== 404 && statusOf(error) !== 409) {
        throw error;
      }
    }
  },
};
