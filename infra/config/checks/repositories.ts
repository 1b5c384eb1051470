import { TEMPLATE_KINDS, templateRepository } from "../../../components/plan/names.ts";
import type { Draft } from "../model.ts";
import { formatPath, type Path, type Problem, problem } from "../problems.ts";
import { found } from "./found.ts";

/** Every repository of the stack, with the setting that names it. */
export function draftRepositories(
  draft: Draft,
): readonly { readonly path: Path; readonly repository: string }[] {
  const boards = [...draft.boards].flatMap(([name, { repository }]) =>
    repository === undefined ? [] : [{ path: ["boards", name, "repository"], repository }],
  );
  const kernels = [...draft.kernels].flatMap(([name, { repository }]) =>
    repository === undefined ? [] : [{ path: ["kernels", name, "repository"], repository }],
  );
  const { repository } = draft.rootfs;
  const rootfs = repository === undefined ? [] : [{ path: ["rootfs", "repository"], repository }];
  return [...rootfs, ...boards, ...kernels];
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
    return [
      problem(path, found(draft, path, repository), `a repository of its own: this one belongs to ${owner}`),
    ];
  });
}
