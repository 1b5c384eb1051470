import { TEMPLATE_KINDS, templateRepository } from "../../../components/plan/names.ts";
import type { Draft } from "../model.ts";
import { formatPath, type Path, type Problem, problem, quote } from "../problems.ts";

/** Every repository of the stack, with the setting that names it. */
export function draftRepositories(
  draft: Draft,
): readonly { readonly path: Path; readonly repository: string }[] {
  const boards = [...draft.boards].map(([name, { repository }]) => ({
    path: ["boards", name, "repository"],
    repository,
  }));
  if (draft.rootfs === undefined) return boards;
  return [{ path: ["rootfs", "repository"], repository: draft.rootfs.repository }, ...boards];
}

/** GitHub's names are the same whatever their case, so two that differ in it only are one repository. */
export function checkRepositories(draft: Draft): Problem[] {
  const owners = new Map<string, string>();
  for (const kind of TEMPLATE_KINDS) {
    owners.set(templateRepository(kind).toLowerCase(), `the template for new ${kind} repositories`);
  }
  return draftRepositories(draft).flatMap(({ path, repository }) => {
    const key = repository.toLowerCase();
    const owner = owners.get(key);
    if (owner === undefined) {
      owners.set(key, formatPath(path.slice(0, -1)));
      return [];
    }
    return [problem(path, quote(repository), `a repository of its own: this one belongs to ${owner}`)];
  });
}
