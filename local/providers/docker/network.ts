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

function networkInputs(network: Docker.NetworkInspectInfo): NetworkInputs {
  const labels = labelList(network.Labels);
  return {
    name: network.Name,
    driver: network.Driver,
    internal: network.Internal,
    attachable: network.Attachable,
    ipv6: network.EnableIPv6,
    options: network.Options ?? {},
    ...(labels === undefined ? {} : { labels }),
  };
}

export const network: ResourceHandler<NetworkArgs, Docker> = {
  type: "docker:index/network:Network",
  // The daemon cannot edit a network: everything replaces, as in the official provider.
  properties: {
    name: { required: true, replace: true },
    driver: { replace: true, default: "bridge" },
    internal: { replace: true, default: false },
    attachable: { replace: true, default: false },
    ipv6: { replace: true, default: false },
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

  async read(docker, id) {
    const network: Docker.NetworkInspectInfo | undefined = await found(docker.getNetwork(id).inspect());
    if (network === undefined) {
      return undefined;
    }
    return { id: network.Id, inputs: networkInputs(network), outputs: outputs(network) };
  },

  async delete(docker, id) {
    await found(docker.getNetwork(id).remove());
  },
};
