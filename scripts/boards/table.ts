import type { BoardConfig, PipelineConfig } from "../../infra/config.ts";

const STATUS = {
  built: "built and tested",
  "stand-in": "built with a stand-in for vendor files",
  validated: "settings checked only",
} as const;

const MAKER = "`npm run boards` from stacks/Pulumi.production.yaml";

/** Every board of a stack with what was shown of it, as a Markdown table. */
export function boardTable({ boards }: Pick<PipelineConfig, "boards">): string {
  const rows = Object.values(boards).map((board) =>
    [board.title, board.architecture, kernel(board), boot(board), status(board)].map(cell).join(" | "),
  );
  return [
    "| board | architecture | kernel | boots by | status |",
    "| --- | --- | --- | --- | --- |",
    ...rows.sort((one, other) => one.localeCompare(other, "en")).map((row) => `| ${row} |`),
  ].join("\n");
}

/**
 * A document with its table of boards replaced.
 * @throws {Error} where the document has no place for it
 */
export function withTable(document: string, table: string): string {
  return withPart(document, MAKER, table);
}

/**
 * A document with the part replaced that a command makes.
 *
 * @param maker - the command, and what it reads, as the comments around its part say it
 * @throws {Error} where the document has no place for it
 */
export function withPart(document: string, maker: string, part: string): string {
  const [command] = maker.split(" from ");
  const [begin, end] = [
    `<!-- Made by ${maker}. Changes here are lost. -->`,
    `<!-- End of what ${command} makes. -->`,
  ];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`found no ${begin} with an end, expected the place of the table`);
  return `${document.slice(0, from)}${begin}\n\n${part}\n\n${document.slice(to)}`;
}

function kernel({ kernel: { package: name, pinned } }: BoardConfig): string {
  return pinned === true ? "its own, pinned" : `\`${name}\``;
}

function boot({ boot: loader }: BoardConfig): string {
  switch (loader.method) {
    case "u-boot":
      return `\`${loader.package}\``;
    case "u-boot-parts":
      return loader.parts.some(({ source }) => source === "vendor") ? "vendor's U-Boot" : "U-Boot in parts";
    case "android-boot-image":
      return "Android boot image";
    default:
      return `\`${loader.method}\``;
  }
}

function status({ support }: BoardConfig): string {
  if (support === undefined) return "not tried";
  return support.note === undefined ? STATUS[support.status] : `${STATUS[support.status]}: ${support.note}`;
}

/** What would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
