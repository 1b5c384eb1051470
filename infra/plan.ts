import type { Input } from "@pulumi/pulumi";
import type { BypassActor, Protection } from "../components/plan/ruleset.ts";
import type { RepositorySettings } from "../components/release-pipeline-args.ts";
import { ARCHITECTURES, type Architecture } from "../contracts/architecture.ts";
import { BOARD_VERSION, BoardDocument, boardShape } from "../contracts/board.ts";
import type { Catalogue } from "../contracts/catalogue.ts";
import { PIPELINE_CHECKS } from "../contracts/checks.ts";
import { KERNEL_VERSION, KernelDocument, kernelPackage } from "../contracts/kernel.ts";
import { DEFAULT_BRANCH } from "../contracts/names.ts";
import { ROOTFS_VERSION, type RootfsDocument } from "../contracts/rootfs.ts";
import { dockerSource } from "./config/docker.ts";
import { kernelKey } from "./config/kernels.ts";
import type { BoardConfig, PipelineConfig } from "./config.ts";

/** JSON as it stands in a repository: a change of one setting is a change of one line. */
function fileContent(document: BoardDocument | KernelDocument | RootfsDocument | Catalogue): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** The managed `board.json` of a board's repository. */
export function boardFile(name: string, board: BoardConfig): string {
  const own = Object.entries(board).filter(([key]) => Object.hasOwn(boardShape, key));
  const document = BoardDocument.parse({ version: BOARD_VERSION, name, ...Object.fromEntries(own) });
  return fileContent(document);
}

/** The managed `rootfs.json` of the rootfs repository, for these architectures. */
export function rootfsFile(
  { release, docker }: Pick<PipelineConfig["rootfs"], "release" | "docker">,
  architectures: readonly Architecture[],
): string {
  const document: RootfsDocument = {
    version: ROOTFS_VERSION,
    release,
    architectures: [...architectures],
    docker: dockerSource(docker, architectures),
  };
  return fileContent(document);
}

/** What decides on repositories. */
type Planned = Pick<PipelineConfig, "boards" | "kernels" | "rootfs">;

/**
 * The managed `kernel.json`: which architectures are built and from what, which the queues and the boards depend on. What
 * is set in the kernel is the repository's own, in `config/`.
 */
function kernelFile(name: string, { kernels, rootfs }: Planned): string {
  const { source, configs } = kernels[name] ?? {};
  const { release } = rootfs;
  return fileContent(KernelDocument.parse({ version: KERNEL_VERSION, name, release, source, configs }));
}

/** Every repository that builds: the root filesystem's, then one for each kernel, then one for each board. */
export function plannedRepositories(config: Planned): Record<string, RepositorySettings> {
  const { rootfs, boards, kernels } = config;
  const images = Object.entries(boards).map(([name, board]): [string, RepositorySettings] => [
    name,
    {
      kind: "image",
      repository: board.repository,
      description: `HypriotOS SD card image for ${board.title}`,
      ...(board.adopt === undefined ? {} : { adopt: board.adopt }),
      ...(board.renamedFrom === undefined ? {} : { renamedFrom: board.renamedFrom }),
      managedFile: { path: "board.json", content: boardFile(name, board) },
    },
  ]);
  const compiled = Object.entries(kernels).map(([name, { repository }]): [string, RepositorySettings] => [
    kernelKey(name),
    {
      kind: "kernel",
      repository,
      description: `Linux kernel ${name} for HypriotOS images`,
      managedFile: { path: "kernel.json", content: kernelFile(name, config) },
    },
  ]);
  return {
    rootfs: {
      kind: "rootfs",
      repository: rootfs.repository,
      description: "Root filesystems that the HypriotOS images share",
      ...(rootfs.adopt === undefined ? {} : { adopt: rootfs.adopt }),
      managedFile: { path: "rootfs.json", content: rootfsFile(rootfs, rootfs.architectures) },
    },
    ...Object.fromEntries([...compiled, ...images]),
  };
}

/** What dispatch knows of the repositories, as the text of its file. */
export function catalogue(config: Planned): string {
  const { rootfs, boards, kernels } = config;
  const entries: Catalogue = {
    [rootfs.repository]: { kind: "rootfs", architectures: [...rootfs.architectures], bootTest: "never" },
    ...Object.fromEntries(
      Object.entries(kernels).map(([name, { repository, configs }]) => [
        repository,
        {
          kind: "kernel" as const,
          architectures: ARCHITECTURES.filter((architecture) => configs[architecture] !== undefined),
          bootTest: "never" as const,
          kernelPackage: kernelPackage(name),
        },
      ]),
    ),
    ...Object.fromEntries(
      Object.values(boards).map(({ repository, architecture, bootTest, kernel }) => [
        repository,
        {
          kind: "image" as const,
          architectures: [architecture],
          bootTest,
          ...(kernel.pinned ? { kernelPackage: kernel.package } : {}),
        },
      ]),
    ),
  };
  return fileContent(entries);
}

/** Whether a runner is of kind codebuild. */
export function usesCodebuild({ runners }: Pick<PipelineConfig, "runners">): boolean {
  return Object.values(runners).some(({ kind }) => kind === "codebuild");
}

/** Base of GitHub's REST API, without a slash at the end. */
export function githubApiUrl(baseUrl: string | undefined): string {
  return (baseUrl ?? "https://api.github.com").replace(/\/+$/, "");
}

/** GitHub has one id for all admins of an organization. */
const ORGANIZATION_ADMIN_ID = 1;

/** Branch protection from config. `teamId` looks up the id of a team that may bypass, by its slug. */
export function plannedProtection(
  config: Pick<PipelineConfig, "protection" | "githubApp">,
  teamId: (slug: string) => Input<number>,
): Protection {
  const { protection, githubApp } = config;
  const bypass = protection.bypass.map((actor): BypassActor => {
    const bypassMode = actor.mode === "always" ? "always" : "pull_request";
    if (actor.kind === "app") return { actorType: "Integration", actorId: actor.id, bypassMode };
    if (actor.kind === "team") return { actorType: "Team", actorId: teamId(actor.team), bypassMode };
    return { actorType: "OrganizationAdmin", actorId: ORGANIZATION_ADMIN_ID, bypassMode };
  });
  return {
    branch: DEFAULT_BRANCH,
    approvals: protection.approvals,
    strict: protection.strict,
    requiredChecks: protection.requiredChecks.map((context) =>
      PIPELINE_CHECKS.includes(context) ? { context, integrationId: githubApp.id } : { context },
    ),
    bypass,
  };
}
