import { describe, expect, it } from "vitest";
import { ARCHITECTURES } from "../../contracts/architecture.ts";
import {
  buildTimeoutMinutes,
  COMPUTE_SIZES,
  computeType,
  environmentOf,
  MAXIMUM_BUILD_MINUTES,
  machineLimits,
  machineOf,
} from "./codebuild.ts";

describe("a CodeBuild machine", () => {
  it("is native for arm64, and of 64 bit for ARM's 32-bit boards", () => {
    expect(
      ARCHITECTURES.map((architecture) => [architecture, environmentOf(machineOf(architecture)).type]),
    ).toEqual([
      ["armhf", "ARM_CONTAINER"],
      ["arm64", "ARM_CONTAINER"],
      ["armel", "ARM_CONTAINER"],
      ["amd64", "LINUX_CONTAINER"],
    ]);
  });

  it("has a size that CodeBuild knows, most of it for the build", () => {
    expect(COMPUTE_SIZES.map(computeType)).toEqual([
      "BUILD_GENERAL1_SMALL",
      "BUILD_GENERAL1_MEDIUM",
      "BUILD_GENERAL1_LARGE",
      "BUILD_GENERAL1_XLARGE",
      "BUILD_GENERAL1_2XLARGE",
    ]);
    expect(machineLimits("small", { minutes: 5, diskMiB: 1024 })).toEqual({
      memoryMiB: 3072,
      cpus: 2,
      minutes: 5,
      diskMiB: 1024,
    });
  });

  it("lives longer than the build may take, and no longer than CodeBuild lets it", () => {
    expect(buildTimeoutMinutes({ minutes: 60 })).toBe(75);
    expect(buildTimeoutMinutes({ minutes: MAXIMUM_BUILD_MINUTES })).toBe(36 * 60);
  });
});
