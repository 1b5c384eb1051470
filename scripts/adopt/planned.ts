import { TEMPLATE_KINDS, templateRepository } from "../../components/plan/names.ts";
import { DEFAULT_BRANCH } from "../../contracts/names.ts";
import { RELEASE_KEY_FILE } from "../../contracts/signature.ts";
import type { PipelineConfig } from "../../infra/config/model.ts";
import { plannedRepositories } from "../../infra/plan.ts";
import type { PlannedRepository, Settings } from "./judge.ts";

/** Every repository that the program makes or takes over, templates at the end. */
export function plannedFrom(config: PipelineConfig): readonly PlannedRepository[] {
  const own = Object.entries(plannedRepositories(config)).map(
    ([key, { kind, repository, adopt, managedFile }]): PlannedRepository => ({
      entry: kind === "rootfs" ? "rootfs" : `boards.${key}`,
      repository,
      adopt: adopt ?? false,
      files: new Map([
        [managedFile.path, managedFile.content],
        [RELEASE_KEY_FILE, undefined],
      ]),
    }),
  );
  const templates = TEMPLATE_KINDS.map(
    (kind): PlannedRepository => ({
      entry: undefined,
      repository: templateRepository(kind),
      adopt: false,
      files: new Map(),
    }),
  );
  return [...own, ...templates];
}

export function settingsFrom({ organization, release }: PipelineConfig): Settings {
  return {
    organization: organization.name,
    visibility: organization.visibility,
    teams: organization.teams,
    rulesets: [`protect ${DEFAULT_BRANCH}`, `protect tags ${release.tagPattern}`],
  };
}

/** Repositories that no entry names and that look as if they were image builders, root filesystems or kernels. */
export function strangers(
  names: readonly string[],
  planned: readonly PlannedRepository[],
): readonly string[] {
  const known = new Set(planned.map(({ repository }) => repository.toLowerCase()));
  return names.filter((name) => !known.has(name.toLowerCase()) && /^image-builder|rootfs|kernel/i.test(name));
}
