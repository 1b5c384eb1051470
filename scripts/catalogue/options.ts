import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Architecture } from "../../contracts/architecture.ts";

export interface CatalogueOptions {
  /** Names of boards; all where it is empty. */
  readonly boards: readonly string[];
  /** Whether a vendor's files are made up where none are pinned. */
  readonly standIns: boolean;
  /** A folder with `<board>.json`, each with `kernel` and `firmware` as versions.json has them. */
  readonly pins: string | undefined;
  /** Files with other package sources (`HYPRIOTOS_APT_SOURCES`), by architecture. */
  readonly sources: ReadonlyMap<string, string>;
  /** Where images, logs and results are kept, and found again. */
  readonly output: string;
  /** What Docker builds the builder image on. */
  readonly base: string;
  /** Whether the table in docs/catalogue.md is written. */
  readonly write: boolean;
}

/**
 * Reads the command line of `npm run catalogue`.
 *
 * @param cacheHome - where `output` is by default
 * @throws {Error} with a line for each mistake
 */
export function catalogueOptions(argv: readonly string[], cacheHome: string): CatalogueOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      board: { type: "string", multiple: true, default: [] },
      "stand-ins": { type: "boolean", default: false },
      pins: { type: "string" },
      sources: { type: "string", multiple: true, default: [] },
      output: { type: "string", default: `${cacheHome}/hypriotos-catalogue` },
      base: { type: "string", default: "hypriotos/base:trixie" },
      "no-write": { type: "boolean", default: false },
    },
  });
  const sources = new Map<string, string>();
  const problems: string[] = [];
  for (const text of values.sources) {
    const [, architecture, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (file !== undefined && Architecture.safeParse(architecture).success)
      sources.set(String(architecture), resolve(file));
    else
      problems.push(
        `--sources: found ${JSON.stringify(text)}, expected <architecture>=<file>, such as armhf=sources.list`,
      );
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return {
    boards: values.board,
    standIns: values["stand-ins"],
    pins: values.pins === undefined ? undefined : resolve(values.pins),
    sources,
    output: resolve(values.output),
    base: values.base,
    write: !values["no-write"],
  };
}

/**
 * The boards that were asked for.
 * @throws {Error} where there is none of that name
 */
export function chosen<Board>(
  boards: Readonly<Record<string, Board>>,
  names: readonly string[],
): readonly (readonly [string, Board])[] {
  const unknown = names.filter((name) => !Object.hasOwn(boards, name));
  if (unknown.length > 0) {
    throw new Error(
      unknown
        .map(
          (name) =>
            `--board: found ${JSON.stringify(name)}, expected one of ${Object.keys(boards).join(", ")}`,
        )
        .join("\n"),
    );
  }
  return Object.entries(boards).filter(([name]) => names.length === 0 || names.includes(name));
}

/** What `<board>.json` in the folder of pins may say. */
export const MorePins = z.strictObject({
  kernel: z.record(z.string(), z.unknown()).optional(),
  firmware: z.record(z.string(), z.unknown()).optional(),
});

export type MorePins = z.infer<typeof MorePins>;
