import { z } from "zod";

/** What a pipeline repository builds. */
export const RepositoryKind = z
  .enum(["image", "kernel", "rootfs"], { error: "one of image, kernel, rootfs" })
  .meta({ description: "What the repository builds." });

export type RepositoryKind = z.infer<typeof RepositoryKind>;
