import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import ignore from "@balena/dockerignore";
import { pack } from "tar-stream";

/** Whether a path of the context is sent, given the text of its `.dockerignore`. */
export type Filter = (path: string) => boolean;

/**
 * The docker client's rules: the last matching line counts, `!` takes back. The Dockerfile and
 * `.dockerignore` itself are sent always, since the daemon reads them.
 */
export function contextFilter(dockerignore: string, dockerfile: string): Filter {
  const kept = ignore.default({ ignorecase: false }).add(dockerignore).createFilter();
  return (path) => path === dockerfile || path === ".dockerignore" || kept(path);
}

interface Entry {
  /** From the context's root, with forward slashes. */
  readonly path: string;
  readonly kind: "directory" | "file" | "symlink";
}

async function walk(root: string, folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const child of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, child.name);
    if (child.isDirectory()) {
      // Not skipped where it is ignored: a later line may take back something below.
      entries.push({ path, kind: "directory" }, ...(await walk(root, path)));
    } else if (child.isSymbolicLink()) {
      entries.push({ path, kind: "symlink" });
    } else if (child.isFile()) {
      entries.push({ path, kind: "file" });
    }
  }
  return entries;
}

/** What of the folder is sent, in an order that depends on the names only. */
export async function contextEntries(root: string, dockerfile: string): Promise<readonly Entry[]> {
  const dockerignore = await readFile(join(root, ".dockerignore"), "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return "";
    }
    throw error;
  });
  const filter = contextFilter(dockerignore, posix.normalize(dockerfile));
  const sent = (await walk(root, "")).filter(({ path }) => filter(path));
  return sent.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The build context as a tar stream whose bytes depend on names, contents and executable bits only: the owner,
 * the times and the umask of this checkout would make another image of the same sources.
 */
export async function buildContext(root: string, dockerfile: string): Promise<Readable> {
  const folder = await stat(root).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new Error(`build.context: found ${JSON.stringify(root)}; expected a directory`);
  }
  const entries = await contextEntries(root, dockerfile);
  if (!entries.some(({ path }) => path === posix.normalize(dockerfile))) {
    throw new Error(`build.dockerfile: ${JSON.stringify(dockerfile)} is not in the context ${root}`);
  }
  const tar = pack();
  const fill = async () => {
    for (const { path: name, kind } of entries) {
      const common = { name, uid: 0, gid: 0, mtime: new Date(0) };
      const path = join(root, name);
      if (kind === "directory") {
        tar.entry({ ...common, type: "directory", mode: 0o755 });
      } else if (kind === "symlink") {
        tar.entry({ ...common, type: "symlink", mode: 0o777, linkname: await readlink(path) });
      } else {
        const { size, mode } = await lstat(path);
        const executable = (mode & 0o111) !== 0;
        const entry = tar.entry({ ...common, type: "file", size, mode: executable ? 0o755 : 0o644 });
        // Never more than the size just announced, should the file grow under our hands.
        await pipeline(createReadStream(path, size === 0 ? { end: 0 } : { end: size - 1 }), entry);
      }
    }
    tar.finalize();
  };
  fill().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  return Readable.from(tar);
}
