import type { BadStack } from "./cases.ts";

const REST = `
  hypriotos:organization: { name: hypriot-bad, teams: { maintainers: maintain } }
  hypriotos:runners: { docker: { kind: docker, host: "unix:///var/run/docker.sock", architectures: [arm64] } }
  hypriotos:providers: { aws: { region: eu-central-1 } }
`;

const BOARD = `kernel: { package: linux-image-arm64 }, boot: { method: raspi-firmware }`;

/** Stack files that are too large to keep in the repository. */
export function generatedStacks(): readonly BadStack[] {
  return [tenThousandBoards(), hugeTitle(), deepNesting(), manyProblems()];
}

/** One wrong board among ten thousand: it is found, and the others cost little. */
function tenThousandBoards(): BadStack {
  const boards = Array.from({ length: 10_000 }, (_, index) => {
    const architecture = index === 7_777 ? "mips" : "arm64";
    return `    board-${index}: { title: Board ${index}, architecture: ${architecture}, ${BOARD} }`;
  });
  return {
    name: "ten-thousand-boards",
    stack: "bad",
    text: `config:\n  hypriotos:boards:\n${boards.join("\n")}${REST}`,
    problems: [
      'hypriotos:boards.board-7777.architecture: found "mips", expected one of armhf, arm64, armel, amd64',
    ],
  };
}

/** A message shows the beginning of what was found, however long it is. */
function hugeTitle(): BadStack {
  const title = "a".repeat(1_000_000);
  return {
    name: "huge-title",
    stack: "bad",
    text: `config:\n  hypriotos:boards:\n    pi: { title: ${title}, architecture: arm64, ${BOARD} }${REST}`,
    problems: [
      `hypriotos:boards.pi.title: found "${"a".repeat(60)}"… (1000000 characters), expected one line of 1 to 100 characters`,
    ],
  };
}

/** Deeper than any stack of calls, were it walked by recursion. */
function deepNesting(): BadStack {
  const depth = 400;
  return {
    name: "deep-nesting",
    stack: "bad",
    text: `config:\n  hypriotos:boards: { pi: { title: ${"[".repeat(depth)}${"]".repeat(depth)}, architecture: arm64, ${BOARD} } }${REST}`,
    problems: ["hypriotos:boards.pi.title: found a list of 1, expected one line of 1 to 100 characters"],
  };
}

/** All of them are told, not the first few. */
function manyProblems(): BadStack {
  const names = Array.from({ length: 1_000 }, (_, index) => `board-${index}`);
  const boards = names.map(
    (name) => `    ${name}: { title: ${name}, architecture: arm64, ${BOARD}, repository: same }`,
  );
  return {
    name: "a-thousand-problems",
    stack: "bad",
    text: `config:\n  hypriotos:boards:\n${boards.join("\n")}${REST}`,
    problems: names
      .slice(1)
      .map(
        (name) =>
          `hypriotos:boards.${name}.repository: found "same", expected a repository of its own: this one belongs to hypriotos:boards.board-0`,
      ),
  };
}
