import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract, type Header } from "tar-stream";
import type { BuildContainer } from "./container.ts";
import { BuildFailure } from "./failure.ts";
import { sendTar, type TarHeader, type TarWriter } from "./tar.ts";
import { type Placed, WORKSPACE_LIMITS, WorkspaceCheck, type WorkspaceLimits } from "./workspace-check.ts";

/** Files that the runner reads itself. */
const READ: readonly string[] = ["versions.json"];

export interface Workspace {
  /** Content of the files that the runner reads, by path. */
  readonly documents: ReadonlyMap<string, Buffer>;
}

/**
 * Streams a commit's archive into the container's /workspace, each entry checked before it is sent. Times are the
 * commit's, modes are git's, owner is root: as in a fresh clone. Throws BuildFailure with everything that is wrong.
 */
export async function sendWorkspace(
  tarball: Readable,
  container: Pick<BuildContainer, "put">,
  epoch: number,
  signal: AbortSignal,
  limits: WorkspaceLimits = WORKSPACE_LIMITS,
): Promise<Workspace> {
  const documents = new Map<string, Buffer>();
  const check = new WorkspaceCheck(limits);
  const wrong = () =>
    new BuildFailure("repository", "the repository holds what cannot be built", check.problems);
  await sendTar(
    async (tar) => {
      const entries = extract();
      const read = pipeline(tarball, createGunzip(), entries, { signal });
      read.catch(() => undefined);
      for await (const entry of entries) {
        const placed = check.place(archiveEntry(entry.header));
        if (check.hopeless) throw wrong();
        // After the first problem the rest is only looked at.
        if (placed === undefined || check.problems.length > 0) entry.resume();
        else await send(tar, placed, entry, entry.header.size, epoch, documents);
      }
      await read;
      if (check.problems.length > 0) throw wrong();
    },
    (tar) => container.put(tar, "/workspace"),
  );
  return { documents };
}

function archiveEntry(header: Header) {
  return {
    name: header.name,
    type: header.type,
    size: header.size,
    executable: (header.mode & 0o100) !== 0,
    link: header.linkname ?? "",
  };
}

async function send(
  tar: TarWriter,
  { path, type, mode, link }: Placed,
  content: AsyncIterable<unknown> & { resume(): void },
  size: number,
  epoch: number,
  documents: Map<string, Buffer>,
): Promise<void> {
  const header: TarHeader = { name: path, type, mode, mtime: new Date(epoch * 1000), uid: 0, gid: 0 };
  if (type === "symlink") {
    content.resume();
    return await tar.add({ ...header, linkname: link ?? "" });
  }
  if (type === "directory") {
    content.resume();
    return await tar.add(header);
  }
  if (READ.includes(path)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) if (chunk instanceof Uint8Array) chunks.push(chunk);
    documents.set(path, Buffer.concat(chunks));
    return await tar.add({ ...header, size }, one(documents.get(path) ?? Buffer.alloc(0)));
  }
  await tar.add({ ...header, size }, content);
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
