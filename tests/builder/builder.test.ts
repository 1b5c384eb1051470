import { beforeAll, expect, it } from "vitest";
import { run } from "../support/run.ts";
import { buildImage, IMAGE, ROOT } from "./builder-image.ts";

beforeAll(buildImage, 600_000);

it.each([
  ["names what is wrong in a repository before it builds anything", "bad-input.sh"],
  ["tries every architecture and names those that fail", "architectures.sh"],
  ["makes the same bytes of the same files", "same-bytes.sh"],
  ["unpacks first what other packages pre-depend on", "unpack-order.sh"],
  ["writes a boot loader in parts around the partition table", "boot-parts.sh"],
  ["verifies a release before it tests it", "release.sh"],
  ["makes kernel packages that are installed, upgraded and removed", "kernel-package.sh"],
])(
  "the builder %s",
  async (_what, script) => {
    const test = ["--network", "none", "--entrypoint", `/opt/builder/test/${script}`];
    const output = await run("docker", ["run", "--rm", ...test, IMAGE], { cwd: ROOT });
    expect(output).toMatch(/^ok 1 - /m);
    expect(output).not.toMatch(/^not ok/m);
  },
  300_000,
);
