import { BOOTED_ARCHITECTURES } from "../../../contracts/boot-test.ts";
import { kernelKey } from "../kernels.ts";
import type { Draft } from "../model.ts";
import { type Problem, problem, quote } from "../problems.ts";

/** The root filesystem's repository stands beside the boards' under this name. */
const RESERVED_NAME = "rootfs";

export function checkBoards(draft: Draft): Problem[] {
  return [...checkEach(draft), ...checkRenames(draft)];
}

/** A board that is renamed takes over what one of its former name had, so no other may have that name. */
function checkRenames({ boards }: Draft): Problem[] {
  const takers = new Map<string, string>();
  return [...boards].flatMap(([name, { renamedFrom }]) => {
    if (renamedFrom === undefined) return [];
    const path = ["boards", name, "renamedFrom"];
    if (boards.has(renamedFrom)) {
      return [problem(path, quote(renamedFrom), "a name that no board of this stack has any more")];
    }
    const taker = takers.get(renamedFrom);
    takers.set(renamedFrom, taker ?? name);
    return taker === undefined
      ? []
      : [problem(path, quote(renamedFrom), `another name: board ${taker} was renamed from this one`)];
  });
}

function checkEach({ boards, kernels }: Draft): Problem[] {
  return [...boards].flatMap(([name, { architecture, boot, bootTest = "never", support }]) => {
    const path = ["boards", name];
    const problems: Problem[] = [];
    if (name === RESERVED_NAME) {
      problems.push(problem(path, "this key", "another name: the root filesystem's repository has this one"));
    }
    if ([...kernels.keys()].some((kernel) => kernelKey(kernel) === name)) {
      problems.push(problem(path, "this key", "another name: a kernel's repository has this one"));
    }
    if (boot?.method === "raspi-firmware" && architecture === "amd64") {
      const expected = "a method for amd64: this one starts ARM kernels only";
      problems.push(problem([...path, "boot", "method"], '"raspi-firmware"', expected));
    }
    if (bootTest !== "never" && architecture !== undefined && !BOOTED_ARCHITECTURES.includes(architecture)) {
      const expected = `"never" for ${architecture}: there is a machine in QEMU for ${BOOTED_ARCHITECTURES.join(" and ")} only`;
      problems.push(problem([...path, "bootTest"], `"${bootTest}"`, expected));
    }
    const vendor = boot?.method === "u-boot-parts" && boot.parts.some(({ source }) => source === "vendor");
    if (vendor && support?.status === "built") {
      const expected = "stand-in or validated: a vendor's file is not here to be built with";
      problems.push(problem([...path, "support", "status"], '"built"', expected));
    }
    if (support !== undefined && support.status !== "built" && support.note === undefined) {
      problems.push(problem([...path, "support", "note"], "nothing", "why it is no more, in one line"));
    }
    return problems;
  });
}
