import { expect, it } from "vitest";
import { ARCHITECTURES, containerPlatform } from "./architecture.ts";

it("gives every architecture a container platform of its own", () => {
  expect(ARCHITECTURES.map((architecture) => containerPlatform(architecture).platform)).toEqual([
    "linux/arm/v7",
    "linux/arm64",
    "linux/arm/v5",
    "linux/amd64",
  ]);
});
