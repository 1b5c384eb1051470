import type { BoardConfig } from "../../infra/config.ts";
import { inMiB, type Result } from "./result.ts";

export interface Entry {
  readonly board: Pick<BoardConfig, "title" | "architecture">;
  readonly result: Result;
}

export interface Machine {
  readonly architecture: string;
  readonly processors: number;
}

const HEAD = [
  "board",
  "architecture",
  "result",
  "build (s)",
  "examples",
  "image (MiB)",
  "in use (MiB)",
  "packages (MiB)",
  "compressed (MiB)",
] as const;

/** What came of each board, as a Markdown table, and what it was made on. */
export function catalogueTable(entries: readonly Entry[], { architecture, processors }: Machine): string {
  const rows = entries.map((entry) => row(entry).map((cell) => cell.replaceAll("|", "\\|")));
  return [
    `Built on ${architecture} with ${processors} processors. Packages are the sum of what Debian says that each installs.`,
    "",
    `| ${HEAD.join(" | ")} |`,
    `| ${HEAD.map((_, index) => (index < 3 ? "---" : "---:")).join(" | ")} |`,
    ...rows
      .sort(([one = ""], [other = ""]) => one.localeCompare(other, "en"))
      .map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

function row({ board, result }: Entry): string[] {
  const what = [board.title, board.architecture];
  if (result.outcome !== "built") {
    const said = result.outcome === "failed" ? `failed: ${result.reason}` : `not built: ${result.reason}`;
    return [...what, said, ...HEAD.slice(3).map(() => "")];
  }
  const { sizes, standIns } = result;
  const how = [
    "built and tested",
    ...(standIns.length === 0 ? [] : [`stand-ins for ${standIns.join(", ")}`]),
    ...(result.otherSources ? ["packages by a list given by hand"] : []),
  ];
  return [
    ...what,
    how.join("; "),
    result.seconds.toFixed(0),
    String(result.examples),
    ...[sizes.image, sizes.used, sizes.packages, sizes.compressed].map(inMiB),
  ];
}
