import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { BoardConfig } from "../../infra/config.ts";
import { boardFile } from "../../infra/plan.ts";
import { MorePins } from "./options.ts";

interface Pin {
  readonly url: string;
  readonly sha256: string;
}

export function sha256(...contents: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  // Each by its length, so that no two lists are one text.
  for (const content of contents) hash.update(`${content.length}\0`).update(content);
  return hash.digest("hex");
}

/** Digest of a folder: names and contents of all files below it. */
export function folderDigest(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return sha256(
    ...names.flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isFile() ? [name, readFileSync(path)] : [name];
    }),
  );
}

/** A new checkout, as a repository of that kind starts. */
export function startRepository(folder: string, template: string, managed: readonly [string, string]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(template, folder, { recursive: true });
  const [path, content] = managed;
  writeFileSync(join(folder, path), content);
}

/** A vendor's files that a board's boot loader is made of, by name, with the most bytes that each may have. */
export function vendorFiles({ boot }: Pick<BoardConfig, "boot">): ReadonlyMap<string, number> {
  const parts = boot.method === "u-boot-parts" ? boot.parts : [];
  return new Map(
    parts.flatMap((part) => (part.source === "vendor" ? [[part.name, part.maximumKiB * 1024] as const] : [])),
  );
}

/** Content that says what it is, and is different at every place: a part that lies wrong is seen. */
export function standIn(name: string, bytes: number): Buffer {
  const lines = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    `stand-in ${name.slice(0, 12).padEnd(12)} ${String(index).padStart(8)}\n`.padEnd(32).slice(0, 32),
  );
  return Buffer.from(lines.join("")).subarray(0, bytes);
}

/** What keeps a board from being built here, where that is known beforehand. */
export function missing(board: BoardConfig, pins: MorePins, standIns: boolean): string | undefined {
  if (board.kernel.pinned === true && pins.kernel?.[board.architecture] === undefined)
    return "needs a kernel of the pipeline's own";
  const lacking = [...vendorFiles(board).keys()].filter((name) => pins.firmware?.[name] === undefined);
  return lacking.length === 0 || standIns ? undefined : `needs its vendor's ${lacking.join(", ")}`;
}

/** A board's pins beyond the root filesystem's, as they were given by hand. */
export function morePins(folder: string | undefined, name: string): MorePins {
  const file = folder === undefined ? undefined : join(folder, `${name}.json`);
  return file === undefined || !existsSync(file)
    ? {}
    : MorePins.parse(JSON.parse(readFileSync(file, "utf8")));
}

/**
 * A board's checkout with everything pinned.
 * @returns names of the stand-ins that it has
 */
export function boardRepository(
  root: string,
  folder: string,
  { name, board, rootfs, pins }: { name: string; board: BoardConfig; rootfs: Pin; pins: MorePins },
): readonly string[] {
  startRepository(folder, join(root, "repositories/image"), ["board.json", boardFile(name, board)]);
  const standIns: string[] = [];
  const firmware: Record<string, unknown> = { ...pins.firmware };
  for (const [file, bytes] of vendorFiles(board)) {
    if (firmware[file] !== undefined) continue;
    const content = standIn(file, bytes);
    mkdirSync(join(folder, "stand-ins"), { recursive: true });
    writeFileSync(join(folder, "stand-ins", file), content);
    firmware[file] = { url: `stand-ins/${file}`, sha256: createHash("sha256").update(content).digest("hex") };
    standIns.push(file);
  }
  const versions = {
    version: 1,
    rootfs: { [board.architecture]: rootfs },
    ...(pins.kernel === undefined ? {} : { kernel: pins.kernel }),
    ...(Object.keys(firmware).length === 0 ? {} : { firmware }),
  };
  writeFileSync(join(folder, "versions.json"), `${JSON.stringify(versions, undefined, 2)}\n`);
  return standIns;
}
