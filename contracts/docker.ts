import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { Sha256 } from "./git.ts";
import { uniqueList } from "./list.ts";
import { RelativePath } from "./names.ts";
import { exactObject } from "./object.ts";
import { WEB } from "./versions.ts";

/** Architectures that Docker's own repository for Debian has packages for; the others take Debian's. */
export const DOCKER_ARCHITECTURES = ["armhf", "arm64", "amd64"] as const;

const repositoryExpected =
  "an http(s) URL of a Debian repository, https://download.docker.com/linux/debian, without a slash at its end";

/** It becomes a line of apt's sources, and its host a line of apt's preferences. */
const RepositoryUrl = z
  .string({ error: repositoryExpected })
  .max(500, { error: repositoryExpected })
  .regex(/^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(\/[A-Za-z0-9._~%+-]+)+$/, {
    error: repositoryExpected,
  });

const keyExpected = "an http(s) URL, or a path in the rootfs repository";

const KeyUrl = z
  .string({ error: keyExpected })
  .max(2000, { error: keyExpected })
  .refine((url) => WEB.test(url) || RelativePath.safeParse(url).success, { error: keyExpected });

/** Docker's own repository of Debian packages, without defaults. */
export const dockerRepositoryShape = {
  source: z.literal("docker").meta({ description: "Docker's own packages, from Docker's repository." }),
  url: RepositoryUrl.meta({ description: "The repository; its suite is the Debian release." }),
  channel: z
    .enum(["stable", "test"], { error: "one of stable, test" })
    .meta({ description: "The component of the repository." }),
  key: exactObject({
    url: KeyUrl.meta({
      description: "Where the key is: an http(s) URL, or a path in the rootfs repository.",
    }),
    sha256: Sha256.meta({ description: "SHA-256 of that file." }),
  }).meta({
    description: "The key that the repository is signed with, ASCII-armoured. No other one is accepted.",
  }),
} as const;

/** Debian's own packages of Docker. */
export const DebianDocker = exactObject({
  source: z
    .literal("debian")
    .meta({ description: "Debian's packages, docker.io and docker-compose: where nothing is said." }),
});

/** How both readers say that a source is none. */
export const sourceError: z.core.$ZodErrorMap = (issue) =>
  issue.code === "invalid_union" ? "one of debian, docker" : "a mapping with source debian or docker";

const dockerArchitecturesExpected = `a list of at least one of ${DOCKER_ARCHITECTURES.join(", ")}`;

/** `docker` of `rootfs.json`: where the packages of Docker come from. */
export const DockerSource = z
  .discriminatedUnion(
    "source",
    [
      DebianDocker,
      exactObject({
        ...dockerRepositoryShape,
        architectures: uniqueList(
          z.enum(DOCKER_ARCHITECTURES, { error: `one of ${DOCKER_ARCHITECTURES.join(", ")}` }),
          dockerArchitecturesExpected,
        )
          .min(1, { error: dockerArchitecturesExpected })
          .meta({ description: "Architectures that take them; the others take Debian's." }),
      }),
    ],
    { error: sourceError },
  )
  .meta({ description: "Where Docker Engine and Compose come from. Default: Debian." });

export type DockerSource = z.infer<typeof DockerSource>;

const versionExpected = "an exact version as apt shows it, 26.1.5+dfsg1-9 or 5:28.5.1-1~debian.13~trixie";

/** A version of a Debian package, whole: apt would take a * for any. */
const PackageVersion = z
  .string({ error: versionExpected })
  .max(100, { error: versionExpected })
  .regex(/^([0-9]{1,9}:)?[0-9][A-Za-z0-9.+~-]*$/, { error: versionExpected });

const pinsExpected = "a mapping of Debian architectures to engine, compose and containerd";

const DockerPins = exactObject({
  engine: PackageVersion.exactOptional().meta({
    description: "Version of docker.io and docker-cli, or of docker-ce and docker-ce-cli.",
  }),
  compose: PackageVersion.exactOptional().meta({
    description: "Version of docker-compose, or of docker-compose-plugin.",
  }),
  containerd: PackageVersion.exactOptional().meta({
    description: "Version of containerd, or of containerd.io.",
  }),
});

/** The version of `versions.json` in the rootfs repository. */
const ROOTFS_VERSIONS_VERSION = 1;

/**
 * `versions.json` of the rootfs repository, which may be missing: the versions of Docker's packages that root
 * filesystems have. What is not pinned is the newest that the archive has. People write it.
 */
export const RootfsVersionsDocument = exactObject({
  version: z.literal(ROOTFS_VERSIONS_VERSION, {
    error: `${ROOTFS_VERSIONS_VERSION}, the version that this builder reads`,
  }),
  docker: z
    .partialRecord(Architecture, DockerPins, { error: pinsExpected })
    .meta({ description: "Versions of Docker's packages by Debian architecture." }),
}).meta({ description: "versions.json of the rootfs repository." });

export type RootfsVersionsDocument = z.infer<typeof RootfsVersionsDocument>;
