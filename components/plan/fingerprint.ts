import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Every file below `folder`, as paths relative to it, in byte order: the same on every machine. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/**
 * SHA-256 over the names, executable bits and contents of a folder's files, in hex: of all, or of those to `keep`.
 * An image is rebuilt when, and only when, this changes: dates and the checkout's place do not count.
 */
export function folderFingerprint(folder: string, keep: (file: string) => boolean = () => true): string {
  const hash = createHash("sha256");
  for (const file of filesBelow(folder).filter(keep)) {
    const path = join(folder, file);
    const content = readFileSync(path);
    const executable = (statSync(path).mode & 0o100) !== 0;
    hash.update(`${file}\0${executable ? "x" : "-"}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** To keep TypeScript that runs: a test changes no program. */
export function isProgram(file: string): boolean {
  return file.endsWith(".ts") && !file.endsWith(".test.ts");
}
