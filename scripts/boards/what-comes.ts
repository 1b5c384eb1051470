import { PIPELINE_LABELS } from "../../components/plan/labels.ts";
import { templateRepository } from "../../components/plan/names.ts";
import { DEFAULT_BRANCH } from "../../contracts/names.ts";
import type { PipelineConfig } from "../../infra/config.ts";

/** What `up` will make of a board, and what happens at its first push, a line each. */
export function whatComes(config: PipelineConfig, name: string): readonly string[] {
  const board = config.boards[name];
  if (board === undefined) return [];
  const { organization, protection, release } = config;
  const runners = Object.entries(config.runners).flatMap(([runner, { architectures }]) =>
    architectures.includes(board.architecture) ? [runner] : [],
  );
  const teams = Object.entries(organization.teams).map(([team, permission]) => `${team}: ${permission}`);
  const reviews = protection.approvals === 1 ? "1 review" : `${protection.approvals} reviews`;
  const lines: readonly (readonly [string, string])[] = [
    [
      "repository",
      `${organization.name}/${board.repository}, ${organization.visibility}, from ${templateRepository("image")}`,
    ],
    [
      "protection",
      `${DEFAULT_BRANCH}: pull requests with ${protection.requiredChecks.join(", ")} and ${reviews}; tags ${release.tagPattern}`,
    ],
    ["webhook", "pushes, pull requests and re-runs, signed with a secret of its own"],
    ["labels", PIPELINE_LABELS.map((label) => label.name).join(", ")],
    ...(teams.length === 0 ? [] : [["teams", teams.join(", ")] as const]),
    ["board.json", "what the entry says, kept up to date by the program"],
    ["builds", `its first push is built for ${board.architecture} by ${runners.join(" or ")}`],
  ];
  const width = Math.max(...lines.map(([what]) => what.length));
  return lines.map(([what, meaning]) => `  ${what.padEnd(width)}  ${meaning}`);
}
