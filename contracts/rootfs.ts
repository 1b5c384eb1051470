import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { DockerSource } from "./docker.ts";
import { exactObject } from "./object.ts";

/** The version of `rootfs.json`. */
export const ROOTFS_VERSION = 1;

export const DebianRelease = z
  .enum(["trixie"], { error: "trixie" })
  .meta({ description: "Debian release that root filesystems and images stand on." });

export type DebianRelease = z.infer<typeof DebianRelease>;

/** The managed file `rootfs.json` of the rootfs repository: what to build, not what goes in. */
export const RootfsDocument = exactObject({
  version: z.literal(ROOTFS_VERSION),
  release: DebianRelease,
  architectures: z.array(Architecture).min(1),
  docker: DockerSource.exactOptional(),
});

export type RootfsDocument = z.infer<typeof RootfsDocument>;
