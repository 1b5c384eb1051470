import type { VolumeArgs } from "@pulumi/docker/volume.js";
import type Docker from "dockerode";
import { AlreadyExists } from "../framework/errors.ts";
import type { Inputs, Outputs, ResourceHandler } from "../framework/resource.ts";
import { found, labelList, labelMap } from "./client.ts";

const outputs = (volume: Docker.VolumeInspectInfo): Outputs => ({
  driver: volume.Driver,
  mountpoint: volume.Mountpoint,
});

export const volume: ResourceHandler<VolumeArgs, Docker> = {
  type: "docker:index/volume:Volume",
  // The daemon cannot edit a volume: everything replaces, as in the official provider.
  properties: {
    name: { required: true, replace: true },
    driver: { replace: true, default: "local" },
    driverOpts: { replace: true },
    labels: { replace: true, unordered: true, fields: { label: true, value: true } },
  },
  deleteBeforeReplace: true,

  async create(docker, inputs) {
    const Name = inputs.name ?? "";
    // Asked to create a volume that exists, the daemon answers with that one, whatever its labels.
    if ((await found(docker.getVolume(Name).inspect())) !== undefined) {
      throw new AlreadyExists(Name, new Error(`there is a volume ${Name} already`));
    }
    const Driver = inputs.driver ?? "local";
    await docker.createVolume({
      Name,
      Driver,
      DriverOpts: { ...inputs.driverOpts },
      Labels: labelMap(inputs.labels),
    });
    return { id: Name, outputs: outputs(await docker.getVolume(Name).inspect()) };
  },

  async read(docker, id) {
    const volume = await found(docker.getVolume(id).inspect());
    if (volume === undefined) {
      return undefined;
    }
    const labels = labelList(volume.Labels);
    const inputs: Inputs<VolumeArgs> = {
      name: volume.Name,
      driver: volume.Driver,
      ...(volume.Options === null || Object.keys(volume.Options).length === 0
        ? {}
        : { driverOpts: volume.Options }),
      ...(labels === undefined ? {} : { labels }),
    };
    return { inputs, outputs: outputs(volume) };
  },

  async delete(docker, id) {
    await found(docker.getVolume(id).remove());
  },
};
