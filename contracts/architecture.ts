import { z } from "zod";

/** Debian architecture names that a board may have. */
export const ARCHITECTURES = ["armhf", "arm64", "armel", "amd64"] as const;

export const Architecture = z
  .enum(ARCHITECTURES, { error: `one of ${ARCHITECTURES.join(", ")}` })
  .meta({ description: "Debian architecture name." });

export type Architecture = z.infer<typeof Architecture>;

/** What the container world calls a Debian architecture. */
export interface ContainerPlatform {
  /** As `docker build --platform` takes it, `linux/arm/v7`. */
  readonly platform: string;
  /** Go's GOARCH, `arm`. */
  readonly goarch: string;
  /** Go's GOARM, only on 32-bit ARM. */
  readonly goarm?: string;
}

const PLATFORMS: Readonly<Record<Architecture, ContainerPlatform>> = {
  armhf: { platform: "linux/arm/v7", goarch: "arm", goarm: "7" },
  arm64: { platform: "linux/arm64", goarch: "arm64" },
  // Debian's armel is ARMv5 soft-float.
  armel: { platform: "linux/arm/v5", goarch: "arm", goarm: "5" },
  amd64: { platform: "linux/amd64", goarch: "amd64" },
};

export function containerPlatform(architecture: Architecture): ContainerPlatform {
  return PLATFORMS[architecture];
}
