import { BOOTED_ARCHITECTURES } from "../../../contracts/boot-test.ts";
import type { Draft } from "../model.ts";
import { type Problem, problem } from "../problems.ts";

/** The root filesystem's repository stands beside the boards' under this name. */
const RESERVED_NAME = "rootfs";

export function checkBoards({ boards }: Draft): Problem[] {
  return [...boards].flatMap(([name, { architecture, boot, bootTest = "never" }]) => {
    const path = ["boards", name];
    const problems: Problem[] = [];
    if (name === RESERVED_NAME) {
      problems.push(problem(path, "this key", "another name: the root filesystem's repository has this one"));
    }
    if (boot?.method === "raspi-firmware" && architecture === "amd64") {
      const expected = "a method for amd64: this one starts ARM kernels only";
      problems.push(problem([...path, "boot", "method"], '"raspi-firmware"', expected));
    }
    if (bootTest !== "never" && architecture !== undefined && !BOOTED_ARCHITECTURES.includes(architecture)) {
      const expected = `"never" for ${architecture}: there is a machine in QEMU for ${BOOTED_ARCHITECTURES.join(" and ")} only`;
      problems.push(problem([...path, "bootTest"], `"${bootTest}"`, expected));
    }
    return problems;
  });
}
