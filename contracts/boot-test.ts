import { z } from "zod";
import type { Architecture } from "./architecture.ts";
import type { Trigger } from "./trigger.ts";

/** Which builds of an image are booted, from none to all. */
export const BOOT_TESTS = ["never", "tags", "pushes"] as const;

export const BootTest = z.enum(BOOT_TESTS, { error: `one of ${BOOT_TESTS.join(", ")}` }).meta({
  description:
    "Which builds boot their image in QEMU and test it over SSH: none, those of tags, or those of pushes and pull requests too.",
});

export type BootTest = z.infer<typeof BootTest>;

/** Architectures that the builder has a machine for (builder/boot-test/profile.sh). */
export const BOOTED_ARCHITECTURES: readonly Architecture[] = ["armhf", "arm64"];

/** Whether a build that this triggered boots its image. */
export function isBooted(bootTest: BootTest, trigger: Trigger): boolean {
  return bootTest === "pushes" || (bootTest === "tags" && trigger.type === "tag");
}
