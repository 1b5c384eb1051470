import type { Input } from "@pulumi/pulumi";
import { type ComputeSize, computeType, environmentOf, type Machine } from "./codebuild.ts";

/** The environment of a project that has a Docker daemon: its machine is its own, and ends with the build. */
export function projectEnvironment(
  machine: Machine,
  size: ComputeSize,
  variables: Readonly<Record<string, Input<string>>>,
) {
  return {
    ...environmentOf(machine),
    computeType: computeType(size),
    imagePullCredentialsType: "CODEBUILD",
    privilegedMode: true,
    environmentVariables: Object.entries(variables).map(([name, value]) => ({
      name,
      type: "PLAINTEXT",
      value,
    })),
  };
}
