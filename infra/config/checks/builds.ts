import { ARCHITECTURES, type Architecture } from "../../../contracts/architecture.ts";
import type { Draft } from "../model.ts";
import { type Path, type Problem, problem, quote } from "../problems.ts";

/** Every architecture that something is built for needs a runner, and every board a root filesystem. */
export function checkBuilds({ boards, kernels, rootfs, runners }: Draft): Problem[] {
  const places = [...boards].flatMap(([name, { architecture }]) =>
    architecture === undefined ? [] : [{ path: ["boards", name, "architecture"], architecture }],
  );
  const listed = rootfs.architectures?.map((architecture, index) => ({
    path: ["rootfs", "architectures", index],
    architecture,
  }));
  const compiled = [...kernels].flatMap(([name, { configs = {} }]) =>
    ARCHITECTURES.filter((architecture) => Object.hasOwn(configs, architecture)).map((architecture) => ({
      path: ["kernels", name, "configs", architecture],
      architecture,
    })),
  );
  const built = runnerArchitectures(runners);
  return [
    ...(built === undefined ? [] : without(built, "a runner", [...(listed ?? []), ...places, ...compiled])),
    ...(rootfs.architectures === undefined
      ? []
      : without(new Set(rootfs.architectures), "hypriotos:rootfs", places)),
    ...sharedQueues(runners),
  ];
}

/**
 * A job that CodeBuild does stays in its queue and comes back while its build runs: any other runner would begin it again.
 * So the runner of kind codebuild has its architectures to itself. Docker runners share theirs.
 */
function sharedQueues(runners: Draft["runners"]): Problem[] {
  const all = [...(runners ?? [])].filter(([, { kind }]) => kind !== undefined);
  return all.flatMap(([name, { kind, architectures = [] }], at) =>
    architectures.flatMap((architecture, index) => {
      const other = all.find(
        ([, runner], otherAt) =>
          otherAt < at &&
          [kind, runner.kind].includes("codebuild") &&
          runner.architectures?.includes(architecture),
      );
      if (other === undefined) return [];
      const expected = `an architecture of this runner alone: ${other[0]} takes it too, and one of them is of kind codebuild`;
      return [problem(["runners", name, "architectures", index], quote(architecture), expected)];
    }),
  );
}

/** Undefined where a runner's architectures, or the runners, are not known. */
function runnerArchitectures(runners: Draft["runners"]): ReadonlySet<Architecture> | undefined {
  if (runners === undefined) return undefined;
  const built = new Set<Architecture>();
  for (const { architectures } of runners.values()) {
    if (architectures === undefined) return undefined;
    for (const architecture of architectures) built.add(architecture);
  }
  return built;
}

function without(
  built: ReadonlySet<Architecture>,
  builder: string,
  places: readonly { readonly path: Path; readonly architecture: Architecture }[],
): Problem[] {
  const list = ARCHITECTURES.filter((architecture) => built.has(architecture)).join(", ");
  return places
    .filter(({ architecture }) => !built.has(architecture))
    .map(({ path, architecture }) =>
      problem(path, quote(architecture), `an architecture that ${builder} builds: ${list}`),
    );
}
