import { kernelShape } from "../../contracts/kernel.ts";
import { RepositoryName, Slug } from "../../contracts/names.ts";
import { exactObject } from "../../contracts/object.ts";
import { mapOf } from "./fields.ts";

const DEFAULT_SOURCE = "linux-source-6.12";

const shape = {
  ...kernelShape,
  source: kernelShape.source.default(DEFAULT_SOURCE),
} as const;

const kernelSchema = exactObject({
  ...shape,
  repository: RepositoryName.exactOptional().meta({
    description: "The kernel's repository. Default: kernel-<kernel>.",
  }),
});

/** A kernel once what depends on its name is filled in. */
export const resolvedKernelSchema = exactObject({ ...shape, repository: RepositoryName });

/** The name under which a kernel's repository stands beside the boards'. */
export function kernelKey(name: string): string {
  return `kernel-${name}`;
}

export const kernelsSchema = mapOf(Slug, kernelSchema, "a mapping of kernel names to kernels")
  .default({})
  .meta({
    description:
      "Kernels of the pipeline's own, by name: each has a repository that makes the Debian package linux-image-<name>, which boards take by kernel.package with kernel.pinned.",
  });
