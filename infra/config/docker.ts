import { z } from "zod";
import type { Architecture } from "../../contracts/architecture.ts";
import {
  DebianDocker,
  DOCKER_ARCHITECTURES,
  type DockerSource,
  dockerRepositoryShape,
  sourceError,
} from "../../contracts/docker.ts";
import { exactObject } from "../../contracts/object.ts";

const { source, url, channel, key } = dockerRepositoryShape;

/** Docker's repository, and the key that has signed it since 2017 (9DC858229FC7DD38854AE2D88D81803C0EBFCD88). */
const DOCKERS_OWN = "https://download.docker.com/linux/debian";
const DOCKERS_KEY = {
  url: `${DOCKERS_OWN}/gpg`,
  sha256: "1500c1f56fa9e26b9b8f42452a553675796ade0807cdce11975eb98170b3a570",
};

/** What a stack's config says of where Docker comes from: what `rootfs.json` does, with defaults. */
export const dockerSchema = z
  .discriminatedUnion(
    "source",
    [
      DebianDocker,
      exactObject({
        source,
        url: url.default(DOCKERS_OWN),
        channel: channel.default("stable"),
        key: key.default(DOCKERS_KEY),
      }),
    ],
    { error: sourceError },
  )
  .default({ source: "debian" })
  .meta({
    description: "Where Docker Engine and Compose come from. Versions are pinned in the rootfs repository.",
  });

export type DockerConfig = z.infer<typeof dockerSchema>;

/** Those that Docker has packages for. */
export function dockerArchitectures(architectures: readonly Architecture[]) {
  return DOCKER_ARCHITECTURES.filter((architecture) => architectures.includes(architecture));
}

/** `docker` of `rootfs.json`. */
export function dockerSource(docker: DockerConfig, architectures: readonly Architecture[]): DockerSource {
  return docker.source === "debian"
    ? docker
    : { ...docker, architectures: dockerArchitectures(architectures) };
}
