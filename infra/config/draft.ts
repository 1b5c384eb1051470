import { BOOTED_ARCHITECTURES } from "../../contracts/boot-test.ts";
import { boardsSchema, resolvedBoardSchema } from "./boards.ts";
import { architecturesSchema } from "./fields.ts";
import { kernelsSchema, resolvedKernelSchema } from "./kernels.ts";
import type { BoardConfig, Draft, KernelConfig, RunnerConfig, Section } from "./model.ts";
import type { Problem } from "./problems.ts";
import { SectionReader } from "./reader.ts";
import { runnerKindSchema, runnerSchema, runnersSchema } from "./runners.ts";
import { SECTIONS, type SectionName } from "./schema.ts";

export interface ReadStack {
  readonly draft: Draft;
  readonly problems: readonly Problem[];
  /** What is right as a whole. Every section is there when there is no problem. */
  readonly sections: {
    readonly [Name in Exclude<SectionName, "boards" | "kernels" | "runners">]?: Section<Name>;
  };
  readonly boards: ReadonlyMap<string, BoardConfig>;
  readonly kernels: ReadonlyMap<string, KernelConfig>;
  readonly runners: ReadonlyMap<string, RunnerConfig>;
}

/** Reads every section. What is wrong in itself is in `problems` and not in `draft`. */
export function readStack(values: ReadonlyMap<string, unknown>, stack: string): ReadStack {
  const reader = new SectionReader(values);
  const organization = reader.section("organization", SECTIONS.organization);
  const boards = reader.entries("boards", {
    map: boardsSchema,
    entry: resolvedBoardSchema,
    fields: {
      repository: resolvedBoardSchema.shape.repository,
      architecture: resolvedBoardSchema.shape.architecture,
      boot: resolvedBoardSchema.shape.boot,
      bootTest: resolvedBoardSchema.shape.bootTest,
      renamedFrom: resolvedBoardSchema.shape.renamedFrom,
      support: resolvedBoardSchema.shape.support,
    },
    defaults: (name, { architecture }) => ({
      repository: `image-builder-${name}`,
      bootTest: BOOTED_ARCHITECTURES.some((booted) => booted === architecture)
        ? ("tags" as const)
        : ("never" as const),
    }),
  });
  const rootfs = reader.section("rootfs", SECTIONS.rootfs);
  const kernels = reader.entries("kernels", {
    map: kernelsSchema,
    entry: resolvedKernelSchema,
    fields: {
      repository: resolvedKernelSchema.shape.repository,
      configs: resolvedKernelSchema.shape.configs,
    },
    defaults: (name) => ({ repository: `kernel-${name}` }),
    mayBeEmpty: true,
  });
  const runners = reader.entries("runners", {
    map: runnersSchema,
    entry: runnerSchema,
    fields: { kind: runnerKindSchema, architectures: architecturesSchema },
  });
  const builder = reader.section("builder", SECTIONS.builder);
  const artifacts = reader.section("artifacts", SECTIONS.artifacts);
  const release = reader.section("release", SECTIONS.release);
  const protection = reader.section("protection", SECTIONS.protection);
  const functions = reader.section("functions", SECTIONS.functions);
  const alarms = reader.section("alarms", SECTIONS.alarms);
  const policies = reader.section("policies", SECTIONS.policies);
  const githubApp = reader.section("githubApp", SECTIONS.githubApp);
  const providers = reader.section("providers", SECTIONS.providers);
  const tags = reader.section("tags", SECTIONS.tags);
  reader.secrets();
  return {
    draft: {
      stack,
      raw: values,
      organization: organization ?? reader.fields("organization", SECTIONS.organization.shape),
      boards: boards?.parts ?? new Map(),
      kernels: kernels?.parts ?? new Map(),
      ...(runners && { runners: runners.parts }),
      rootfs: rootfs ?? reader.fields("rootfs", SECTIONS.rootfs.unwrap().shape),
      ...(artifacts && { artifacts }),
      protection: protection ?? reader.fields("protection", SECTIONS.protection.unwrap().shape),
      providers: providers ?? reader.fields("providers", SECTIONS.providers.shape),
    },
    problems: reader.problems,
    sections: {
      ...(organization && { organization }),
      ...(rootfs && { rootfs }),
      ...(builder && { builder }),
      ...(artifacts && { artifacts }),
      ...(release && { release }),
      ...(protection && { protection }),
      ...(functions && { functions }),
      ...(alarms && { alarms }),
      ...(policies && { policies }),
      ...(githubApp && { githubApp }),
      ...(providers && { providers }),
      ...(tags && { tags }),
    },
    boards: boards?.whole ?? new Map(),
    kernels: kernels?.whole ?? new Map(),
    runners: runners?.whole ?? new Map(),
  };
}
