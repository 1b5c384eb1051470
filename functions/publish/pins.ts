import { type GithubRequest, githubStatus } from "../../clients/github-app.ts";
import { BoardDocument } from "../../contracts/board.ts";
import { splitFullName } from "../../contracts/git.ts";
import { type Pin, VersionsDocument } from "../../contracts/versions.ts";

/** What an image stands on. */
export interface PinnedFile {
  readonly dependency: "kernel" | "rootfs";
  /** The Debian architecture. */
  readonly name: string;
  readonly url: string;
  readonly sha256: string;
}

/** There is no such thing, or no way from one commit to the other. */
const ABSENT = [404, 422];

/** Undefined where GitHub has it not. */
export async function unlessAbsent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (ABSENT.includes(githubStatus(error) ?? 0)) return undefined;
    throw error;
  }
}

/** Undefined for what is no JSON: a release does not fail of it, its build would have. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON document of a commit; undefined where there is none. */
async function documentAt(
  request: GithubRequest,
  repository: string,
  commit: string,
  path: string,
): Promise<unknown> {
  const answer = await unlessAbsent(
    request("GET /repos/{owner}/{repo}/contents/{path}", {
      ...splitFullName(repository),
      path,
      ref: commit,
    }),
  );
  const { data } = answer ?? {};
  if (data === undefined || Array.isArray(data) || data.type !== "file" || !("content" in data))
    return undefined;
  return jsonOf(Buffer.from(data.content, "base64").toString("utf8"));
}

/**
 * The root filesystems and kernels that a commit of an image repository pins, by the documents that the build itself
 * read, since a commit does not change. None where there is no such document; no kernel where `board.json` takes
 * Debian's, whatever is pinned.
 */
export async function pinsAt(
  request: GithubRequest,
  repository: string,
  commit: string,
): Promise<readonly PinnedFile[]> {
  const versions = VersionsDocument.safeParse(
    await documentAt(request, repository, commit, "versions.json"),
  ).data;
  if (versions === undefined) return [];
  const { rootfs, kernel = {} } = versions;
  const used = Object.keys(kernel).length > 0 && (await pinsKernel(request, repository, commit));
  return [...files("rootfs", rootfs), ...files("kernel", used ? kernel : {})];
}

async function pinsKernel(request: GithubRequest, repository: string, commit: string): Promise<boolean> {
  const board = BoardDocument.safeParse(await documentAt(request, repository, commit, "board.json"));
  return board.data?.kernel.pinned ?? false;
}

function files(dependency: PinnedFile["dependency"], pins: Readonly<Record<string, Pin>>): PinnedFile[] {
  return Object.entries(pins).map(([name, { url, sha256 }]) => ({ dependency, name, url, sha256 }));
}
