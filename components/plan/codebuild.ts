import type { Architecture } from "../../contracts/architecture.ts";
import type { BuildLimits } from "../../contracts/runner-settings.ts";

export const COMPUTE_SIZES = ["small", "medium", "large", "xlarge", "2xlarge"] as const;

export type ComputeSize = (typeof COMPUTE_SIZES)[number];

/** The kinds of machine that CodeBuild has: by the processor. */
export type Machine = "arm" | "x86";

export const MACHINES: readonly Machine[] = ["arm", "x86"];

/** What CodeBuild's machines of a size have at least: the two largest have more on x86. */
const SIZES: Readonly<Record<ComputeSize, { readonly cpus: number; readonly memoryGiB: number }>> = {
  small: { cpus: 2, memoryGiB: 4 },
  medium: { cpus: 4, memoryGiB: 8 },
  large: { cpus: 8, memoryGiB: 16 },
  xlarge: { cpus: 32, memoryGiB: 64 },
  "2xlarge": { cpus: 48, memoryGiB: 96 },
};

/** For the Docker daemon, the agent and CodeBuild's own. */
const RESERVED_MIB = 1024;

/** Before and after the build: images are pulled, the end is told. */
const AROUND_MINUTES = 15;

/** CodeBuild ends every build after 36 hours. */
export const MAXIMUM_BUILD_MINUTES = 36 * 60 - AROUND_MINUTES;

/**
 * The machine that builds for an architecture. ARM's 32-bit boards are built on 64-bit machines: natively where the
 * processor has a 32-bit mode, else with QEMU for those few programs that must run.
 */
export function machineOf(architecture: Architecture): Machine {
  return architecture === "amd64" ? "x86" : "arm";
}

/** A project's environment: an image of Amazon's own, which has a Docker daemon, the AWS CLI and nothing of ours. */
export function environmentOf(machine: Machine): { readonly type: string; readonly image: string } {
  return machine === "arm"
    ? { type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0" }
    : { type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" };
}

export function computeType(size: ComputeSize): string {
  return `BUILD_GENERAL1_${size.toUpperCase()}`;
}

/** What the build's container may take: nearly all of the machine, which does nothing else. */
export function machineLimits(
  size: ComputeSize,
  { minutes, diskMiB }: Pick<BuildLimits, "minutes" | "diskMiB">,
): BuildLimits {
  const { cpus, memoryGiB } = SIZES[size];
  return { memoryMiB: memoryGiB * 1024 - RESERVED_MIB, cpus, minutes, diskMiB };
}

/** CodeBuild's own limit, which ends a machine whose runner does not end the build. */
export function buildTimeoutMinutes({ minutes }: Pick<BuildLimits, "minutes">): number {
  return minutes + AROUND_MINUTES;
}
