import { DOCKER_ARCHITECTURES } from "../../../contracts/docker.ts";
import { dockerArchitectures } from "../docker.ts";
import type { Draft } from "../model.ts";
import { type Problem, problem } from "../problems.ts";

/** Docker has no packages for some architectures; where it has them for none, its repository was chosen for nothing. */
export function checkDocker({ boards, rootfs }: Draft): Problem[] {
  if (rootfs.docker?.source !== "docker") return [];
  const ofBoards = [...boards.values()].map(({ architecture }) => architecture);
  const architectures = rootfs.architectures ?? ofBoards.filter((name) => name !== undefined);
  const known = rootfs.architectures !== undefined || !ofBoards.includes(undefined);
  if (!known || dockerArchitectures(architectures).length > 0) return [];
  const expected = `debian: Docker has packages for ${DOCKER_ARCHITECTURES.join(", ")} only`;
  return [problem(["rootfs", "docker", "source"], "docker", expected)];
}
