import { ARCHITECTURES, type Architecture } from "../../../contracts/architecture.ts";
import type { Draft } from "../model.ts";
import { type Path, type Problem, problem, quote } from "../problems.ts";
import { checkRepeated } from "./repeated.ts";

/** Every architecture that something is built for needs a runner, and every board a root filesystem. */
export function checkBuilds(draft: Draft): Problem[] {
  return [...checkLists(draft), ...checkRunners(draft), ...checkRootfs(draft)];
}

function checkLists({ runners, rootfs }: Draft): Problem[] {
  return [
    ...checkRepeated(["rootfs", "architectures"], rootfs?.architectures ?? []),
    ...[...runners].flatMap(([name, runner]) =>
      checkRepeated(["runners", name, "architectures"], runner.architectures),
    ),
  ];
}

function checkRunners({ boards, rootfs, runners, allRunners }: Draft): Problem[] {
  if (!allRunners) return [];
  const built = new Set([...runners.values()].flatMap((runner) => runner.architectures));
  const unbuilt = (path: Path, architecture: Architecture): Problem[] =>
    built.has(architecture)
      ? []
      : [problem(path, quote(architecture), `an architecture that a runner builds: ${listed(built)}`)];
  return [
    ...(rootfs?.architectures ?? []).flatMap((architecture, index) =>
      unbuilt(["rootfs", "architectures", index], architecture),
    ),
    ...[...boards].flatMap(([name, board]) => unbuilt(["boards", name, "architecture"], board.architecture)),
  ];
}

function checkRootfs({ boards, rootfs }: Draft): Problem[] {
  const { architectures } = rootfs ?? {};
  if (architectures === undefined) return [];
  const built = new Set(architectures);
  return [...boards]
    .filter(([, board]) => !built.has(board.architecture))
    .map(([name, board]) =>
      problem(
        ["boards", name, "architecture"],
        quote(board.architecture),
        `an architecture that hypriotos:rootfs builds: ${listed(built)}`,
      ),
    );
}

function listed(architectures: ReadonlySet<Architecture>): string {
  return ARCHITECTURES.filter((architecture) => architectures.has(architecture)).join(", ");
}
