import { type GithubRequest, githubStatus } from "../../clients/github-app.ts";
import { splitFullName } from "../../contracts/git.ts";
import { VersionsDocument } from "../../contracts/versions.ts";

/** What an image stands on. */
export interface PinnedFile {
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

/**
 * The root filesystems that `versions.json` of a commit pins: the document that the build itself read, since a commit
 * does not change. None where there is no such document.
 */
export async function pinsAt(
  request: GithubRequest,
  repository: string,
  commit: string,
): Promise<readonly PinnedFile[]> {
  const answer = await unlessAbsent(
    request("GET /repos/{owner}/{repo}/contents/{path}", {
      ...splitFullName(repository),
      path: "versions.json",
      ref: commit,
    }),
  );
  const { data } = answer ?? {};
  if (data === undefined || Array.isArray(data) || data.type !== "file" || !("content" in data)) return [];
  const parsed = VersionsDocument.safeParse(jsonOf(Buffer.from(data.content, "base64").toString("utf8")));
  return Object.entries(parsed.data?.rootfs ?? {}).map(([name, { url, sha256 }]) => ({ name, url, sha256 }));
}
