import type { RemoteImageArgs } from "@pulumi/docker/remoteImage.js";
import type Docker from "dockerode";
import type { Inputs, Outputs, ResourceHandler } from "../framework/resource.ts";
import { found, statusOf } from "./client.ts";
import { buildImage, followed, splitTag } from "./image-build.ts";

type ImageInputs = Inputs<RemoteImageArgs>;

/** The id is the image's and its name together, as in the official provider. At import the name alone will do. */
export function nameOf(id: string): string {
  return id.replace(/^sha256:[0-9a-f]{64}/, "");
}

/** The digest under which a registry knows the image by this name; empty for one that was built here. */
function repoDigest(name: string, image: Docker.ImageInspectInfo): string {
  const { repo } = splitTag(name);
  return image.RepoDigests?.find((digest) => digest.startsWith(`${repo}@`)) ?? "";
}

const outputs = (name: string, image: Docker.ImageInspectInfo): Outputs => ({
  imageId: image.Id,
  repoDigest: repoDigest(name, image),
});

async function inspect(docker: Docker, name: string): Promise<Docker.ImageInspectInfo | undefined> {
  return await found(docker.getImage(name).inspect());
}

async function pull(docker: Docker, { name, platform }: ImageInputs): Promise<void> {
  const options = platform === undefined || platform === "" ? {} : { platform };
  const output = await followed(docker, await docker.pull(name, options));
  const failure = output.find(({ error }) => error !== undefined);
  if (failure !== undefined) {
    throw new Error(`pull of ${name} failed: ${failure.error}`);
  }
}

async function obtain(docker: Docker, inputs: ImageInputs): Promise<Docker.ImageInspectInfo> {
  if (inputs.build !== undefined) {
    await buildImage(docker, inputs.name, inputs.build);
  } else if ((await inspect(docker, inputs.name)) === undefined) {
    await pull(docker, inputs);
  }
  const image = await inspect(docker, inputs.name);
  if (image === undefined) {
    throw new Error(`${inputs.name} was made, but the daemon does not have it`);
  }
  return image;
}

/** Removes a name or an id. What is gone, or still stood on by a container or another image, is let be. */
async function remove(docker: Docker, image: string, force: boolean): Promise<void> {
  try {
    await docker.getImage(image).remove({ force });
  } catch (error) {
    if (statusOf(error) !== 404 && statusOf(error) !== 409) {
      throw error;
    }
  }
}

/**
 * Names that were given to a new image while an older one had them, in this run of the engine. Such a
 * replacement may come out as the very same image, and then nothing else tells the original, which is deleted
 * next, from its successor, which stays.
 */
const replaced = new WeakMap<Docker, Set<string>>();

function replacedNames(docker: Docker): Set<string> {
  const names = replaced.get(docker) ?? new Set<string>();
  replaced.set(docker, names);
  return names;
}

export const remoteImage: ResourceHandler<RemoteImageArgs, Docker> = {
  type: "docker:index/remoteImage:RemoteImage",
  properties: {
    name: { required: true, replace: true },
    build: {
      replace: true,
      writeOnly: true,
      fields: {
        context: true,
        dockerfile: true,
        buildArgs: true,
        labels: true,
        tags: true,
        target: true,
        platform: true,
        networkMode: true,
        noCache: true,
        pullParent: true,
        extraHosts: true,
        remove: true,
        forceRemove: true,
      },
    },
    platform: { replace: true, writeOnly: true },
    triggers: { replace: true, writeOnly: true },
    pullTriggers: { replace: true, writeOnly: true, unordered: true },
    keepLocally: { writeOnly: true },
    forceRemove: { writeOnly: true },
  },
  // Built first, removed then: the layers of the old image are the cache of the new one.
  deleteBeforeReplace: false,

  async create(docker, inputs) {
    if ((await inspect(docker, inputs.name)) !== undefined) {
      replacedNames(docker).add(inputs.name);
    }
    const image = await obtain(docker, inputs);
    return { id: `${image.Id}${inputs.name}`, outputs: outputs(inputs.name, image) };
  },

  async read(docker, id, prior) {
    const name = prior?.inputs.name ?? nameOf(id);
    const image = await inspect(docker, name);
    if (image === undefined) {
      return undefined;
    }
    // Somebody gave the name to another image: the one that was built here is not there any more.
    if (prior?.inputs.build !== undefined && prior.outputs.imageId !== image.Id) {
      return undefined;
    }
    return { id: `${image.Id}${name}`, inputs: { ...prior?.inputs, name }, outputs: outputs(name, image) };
  },

  async update(docker, _id, inputs) {
    return outputs(inputs.name, await obtain(docker, { ...inputs, build: undefined }));
  },

  async delete(docker, _id, prior) {
    const { name, keepLocally, forceRemove, build } = prior.inputs;
    if (keepLocally === true) {
      return;
    }
    const imageId = String(prior.outputs.imageId);
    const force = forceRemove === true;
    const current = await inspect(docker, name);
    const succeeded = replacedNames(docker).delete(name);
    if (!succeeded && current?.Id === imageId) {
      for (const tag of [...(build?.tags ?? []), name]) {
        await remove(docker, tag, force);
      }
      return;
    }
    // The name is another's now; of the old image only its layers are left, if nobody else named them.
    const old = await inspect(docker, imageId);
    if (old !== undefined && (old.RepoTags ?? []).length === 0) {
      await remove(docker, imageId, force);
    }
  },
};
