import { code, count } from "../../audit/text.ts";
import type { Verdict } from "./judge.ts";

/** What taking over means, repository by repository, as Markdown. */
export function adoptionText(
  organization: string,
  verdicts: readonly Verdict[],
  strangers: readonly string[],
): string {
  const told = verdicts.filter(({ existing, refusals }) => existing !== undefined || refusals.length > 0);
  const heading = `## Repositories of ${code(organization)} that exist already`;
  if (told.length === 0 && strangers.length === 0) return `${heading}\n\nNone that this stack would touch.\n`;
  return `${[heading, ...told.map(one), ...others(strangers)].join("\n\n")}\n`;
}

function one({ planned, keeps, changes, refusals }: Verdict): string {
  const verb = refusals.length > 0 ? "**refused**" : "is taken over";
  return [
    `### ${code(planned.repository)} (${planned.entry ?? "template"}) ${verb}`,
    ...part("Refused", refusals),
    ...part("Stays", keeps),
    ...part("Changes, beside the settings below", changes),
  ].join("\n\n");
}

function part(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : [`${heading}:\n\n${lines.map((line) => `- ${plainLine(line)}`).join("\n")}`];
}

/** People's names of things are in these lines: nothing of them moves a cursor or starts a line. */
function plainLine(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, "·");
}

function others(strangers: readonly string[]): readonly string[] {
  if (strangers.length === 0) return [];
  const names = strangers.map((name) => `- ${code(name)}`).join("\n");
  return [
    `### ${count(strangers.length, "more")} that no entry names\n\nThey look like image builders and are left alone. One that is a board's: ` +
      `give the board \`repository: <name>\` and \`adopt: true\`.\n\n${names}`,
  ];
}
