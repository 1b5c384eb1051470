import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { pack } from "tar-stream";
import { filesBelow } from "../components/plan/fingerprint.ts";

const FOLDER = join("dist", "images");
const EPOCH = new Date(0);

/**
 * Makes one gzipped tar of a build context, with the same bytes for the same files. What was made once is kept by the
 * context's fingerprint. Resolves with its path, relative to `root` as `context` is.
 */
export async function contextArchive(root: string, context: string, fingerprint: string): Promise<string> {
  const path = join(FOLDER, `${fingerprint}.tar.gz`);
  const file = join(root, path);
  if (existsSync(file)) return path;
  const tar = pack();
  const content = buffer(tar);
  for (const name of filesBelow(join(root, context))) {
    const source = join(root, context, name);
    const mode = (statSync(source).mode & 0o100) === 0 ? 0o644 : 0o755;
    tar.entry({ name, mode, mtime: EPOCH }, readFileSync(source));
  }
  tar.finalize();
  mkdirSync(join(root, FOLDER), { recursive: true });
  // Another run at the same time sees the whole file or none.
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, await promisify(gzip)(await content));
  renameSync(partial, file);
  return path;
}
