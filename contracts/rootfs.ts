import * as z from "zod";
import { architectureSchema } from "./architecture.ts";
import { exactObject } from "./object.ts";

/** The version of `rootfs.json`. */
export const ROOTFS_VERSION = 1;

export const debianReleaseSchema = z
  .enum(["trixie"], { error: "trixie" })
  .meta({ description: "Debian release that root filesystems and images stand on." });

export type DebianRelease = z.output<typeof debianReleaseSchema>;

/** The managed file `rootfs.json` of the rootfs repository: what to build, not what goes in. */
export const rootfsDocumentSchema = exactObject({
  version: z.literal(ROOTFS_VERSION),
  release: debianReleaseSchema,
  architectures: z.array(architectureSchema).min(1),
});

export type RootfsDocument = z.output<typeof rootfsDocumentSchema>;
