import { z } from "zod";
import { Architecture } from "./architecture.ts";
import { BootTest } from "./boot-test.ts";
import { PackageName } from "./names.ts";
import { RepositoryKind } from "./repository-kind.ts";

/** The file beside dispatch's code that says which repositories build what. */
export const CATALOGUE_FILE = "repositories.json";

/** What the pipeline builds, by repository name without owner. A repository that is not in it builds nothing; one without `bootTest` boots nothing. */
export const Catalogue = z.record(
  z.string(),
  z.strictObject({
    kind: RepositoryKind,
    architectures: z.array(Architecture).min(1),
    bootTest: BootTest.optional(),
    /** The kernel's package that a kernel repository makes, or that an image takes from one. */
    kernelPackage: PackageName.optional(),
  }),
);

export type Catalogue = z.infer<typeof Catalogue>;
