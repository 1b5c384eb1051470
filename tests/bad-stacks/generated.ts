import type { BadStack } from "./cases.ts";

/** Of a stack whose name is not itself what is wrong. */
export const STACK = "bad";

const BOARD = {
  title: "Board",
  architecture: "arm64",
  kernel: { package: "linux-image-arm64" },
  boot: { method: "raspi-firmware" },
};

/** Stack files that are too large to keep in the repository. */
export function generatedStacks(): readonly BadStack[] {
  return [tenThousandBoards(), hugeTitle(), deepNesting(), manyProblems()];
}

const JSON_START = "config: ";

/** What `stackFile` made is JSON, which is YAML too, and read as JSON a hundred times as fast. */
export function generatedConfig(text: string): Readonly<Record<string, unknown>> | undefined {
  return text.startsWith(`${JSON_START}{`) ? JSON.parse(text.slice(JSON_START.length)) : undefined;
}

function stackFile(boards: Readonly<Record<string, unknown>>): string {
  const config = {
    "hypriotos:boards": boards,
    "hypriotos:organization": { name: "hypriot-bad", teams: { maintainers: "maintain" } },
    "hypriotos:runners": {
      docker: { kind: "docker", host: "unix:///var/run/docker.sock", architectures: ["arm64"] },
    },
    "hypriotos:githubApp": { id: 1 },
    "hypriotos:providers": { aws: { region: "eu-central-1" } },
  };
  return `${JSON_START}${JSON.stringify(config)}\n`;
}

function manyBoards(count: number, board: (index: number) => unknown): string {
  return stackFile(
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`board-${index}`, board(index)])),
  );
}

/** One wrong board among ten thousand: it is found, and the others cost little. */
function tenThousandBoards(): BadStack {
  return {
    name: "ten-thousand-boards",
    stack: STACK,
    text: manyBoards(10_000, (index) => (index === 7_777 ? { ...BOARD, architecture: "mips" } : BOARD)),
    problems: [
      'hypriotos:boards.board-7777.architecture: found "mips", expected one of armhf, arm64, armel, amd64',
    ],
  };
}

/** A message shows the beginning of what was found, however long it is. */
function hugeTitle(): BadStack {
  return {
    name: "huge-title",
    stack: STACK,
    text: stackFile({ pi: { ...BOARD, title: "a".repeat(50_000) } }),
    problems: [
      `hypriotos:boards.pi.title: found "${"a".repeat(60)}"… (50000 characters), expected one line of 1 to 100 characters`,
    ],
  };
}

/** Far deeper than anything that makes sense. */
function deepNesting(): BadStack {
  let title: unknown = [];
  for (let depth = 0; depth < 400; depth++) title = [title];
  return {
    name: "deep-nesting",
    stack: STACK,
    text: stackFile({ pi: { ...BOARD, title } }),
    problems: ["hypriotos:boards.pi.title: found a list of 1, expected one line of 1 to 100 characters"],
  };
}

/** All of them are told, not the first few. */
function manyProblems(): BadStack {
  return {
    name: "three-hundred-problems",
    stack: STACK,
    text: manyBoards(300, () => ({ ...BOARD, repository: "same" })),
    problems: Array.from(
      { length: 299 },
      (_, index) =>
        `hypriotos:boards.board-${index + 1}.repository: found "same", expected a repository of its own: this one belongs to hypriotos:boards.board-0`,
    ),
  };
}
