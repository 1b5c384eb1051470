import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { Slug } from "./names.ts";
import { exactObject } from "./object.ts";
import { DebianRelease } from "./rootfs.ts";

/** The version of `kernel.json`. It goes up when an older builder would misread a newer file. */
export const KERNEL_VERSION = 1;

const sourceExpected = "a Debian package of the kernel's source, linux-source-6.12";

/** Debian's patched source of the kernel, as a package; `linux-config-…` of the same number has Debian's own configs. */
export const KernelSource = z
  .string({ error: sourceExpected })
  .regex(/^linux-source-[1-9][0-9]?\.[0-9]{1,3}$/, { error: sourceExpected })
  .meta({ description: "Debian package of the kernel's source." });

const targetExpected = "a config of the kernel's source, defconfig or multi_v7_defconfig";

/** What a kernel's config begins with; the repository's `config/*.config` come on top. */
export const BaseConfig = z
  .discriminatedUnion(
    "from",
    [
      exactObject({
        from: z.literal("debian"),
        flavour: Slug.meta({ description: "Debian's own flavour: arm64, armmp, rpi." }),
      }),
      exactObject({
        from: z.literal("source"),
        target: z
          .string({ error: targetExpected })
          .regex(/^([a-z0-9_]{1,60}_)?defconfig$|^(tiny|allno)config$/, { error: targetExpected })
          .meta({
            description:
              "A config that the source has: defconfig, multi_v7_defconfig, tinyconfig, allnoconfig.",
          }),
      }),
    ],
    { error: (issue) => (issue.code === "invalid_union" ? "one of debian, source" : "a mapping with from") },
  )
  .meta({ description: "What the config begins with; the repository's config/*.config come on top." });

export type BaseConfig = z.infer<typeof BaseConfig>;

const configsExpected = "a mapping of Debian architectures to what their config begins with";

/** What a kernel is, without its name: what a stack's config says of it, and `kernel.json` too. */
export const kernelShape = {
  source: KernelSource,
  configs: z
    .partialRecord(Architecture, BaseConfig, { error: configsExpected })
    .refine((configs) => Object.keys(configs).length > 0, {
      error: `${configsExpected}, at least one`,
      when: ({ issues }) => issues.length === 0,
    })
    .meta({ description: "The architectures that it is built for, each with what its config begins with." }),
} as const;

/** The managed file `kernel.json` of a kernel repository: what to build. What is set in it is the repository's own. */
export const KernelDocument = exactObject({
  version: z.literal(KERNEL_VERSION, { error: `${KERNEL_VERSION}, the version that this builder reads` }),
  name: Slug,
  release: DebianRelease,
  ...kernelShape,
});

export type KernelDocument = z.infer<typeof KernelDocument>;

/** The Debian package that a kernel repository makes: the same name for every version, which a board's config names. */
export function kernelPackage(name: string): string {
  return `linux-image-${name}`;
}

/** The file that a build of this version (contracts/build-job.ts) leaves of it. */
export function kernelArtifact(name: string, architecture: Architecture, version: string): string {
  return `kernel-${name}-${architecture}-${version}.deb`;
}
