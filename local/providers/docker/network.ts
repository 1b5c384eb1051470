import type { NetworkArgs } from "@pulumi/docker/network.js";
import type Docker from "dockerode";
import { AlreadyExists } from "../framework/errors.ts";
import type { Inputs, Outputs, ResourceHandler } from "../framework/resource.ts";
import { found, labelList, labelMap } from "./client.ts";

type NetworkInputs = Inputs<NetworkArgs>;

const outputs = (network: Docker.NetworkInspectInfo): Outputs => ({
  driver: network.Driver,
  internal: network.Internal,
  scope: network.Scope,
  options: network.Options ?? {},
  ipamConfigs: (network.IPAM?.Config ?? []).map(({ Subnet: subnet, Gateway: gateway }) => ({
    subnet,
    gateway,
  })),
});

/** The inputs of a network as it is. What the daemon chose by itself is left out, but for an import. */
function networkInputs(network: Docker.NetworkInspectInfo, prior: NetworkInputs | undefined): NetworkInputs {
  const labels = labelList(network.Labels);
  const options = network.Options ?? {};
  return {
    name: network.Name,
    driver: network.Driver,
    ...(network.Internal || prior?.internal !== undefined ? { internal: network.Internal } : {}),
    ...(network.Attachable || prior?.attachable !== undefined ? { attachable: network.Attachable } : {}),
    ...(network.EnableIPv6 || prior?.ipv6 !== undefined ? { ipv6: network.EnableIPv6 } : {}),
    ...(labels === undefined ? {} : { labels }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

export const network: ResourceHandler<NetworkArgs, Docker> = {
  type: "docker:index/network:Network",
  // The daemon cannot edit a network: everything replaces, as in the official provider.
  properties: {
    name: { required: true, replace: true },
    driver: { replace: true, default: "bridge" },
    internal: { replace: true },
    attachable: { replace: true },
    ipv6: { replace: true },
    options: { replace: true },
    labels: { replace: true, unordered: true, fields: { label: true, value: true } },
  },
  deleteBeforeReplace: true,

  async create(docker, inputs) {
    const name = inputs.name ?? "";
    // The daemon itself lets two networks have one name.
    const there = (await docker.listNetworks()).find((other) => other.Name === name);
    if (there !== undefined) {
      throw new AlreadyExists(there.Id, new Error(`there is a network ${name} already`));
    }
    const made = await docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: inputs.driver ?? "bridge",
      Internal: inputs.internal ?? false,
      Attachable: inputs.attachable ?? false,
      EnableIPv6: inputs.ipv6 ?? false,
      Options: { ...inputs.options },
      Labels: labelMap(inputs.labels),
    });
    return { id: made.id, outputs: outputs(await made.inspect()) };
  },

  async read(docker, id, prior) {
    const network: Docker.NetworkInspectInfo | undefined = await found(docker.getNetwork(id).inspect());
    if (network === undefined) {
      return undefined;
    }
    return { id: network.Id, inputs: networkInputs(network, prior?.inputs), outputs: outputs(network) };
  },

  async delete(docker, id) {
    await found(docker.getNetwork(id).remove());
  },
};
