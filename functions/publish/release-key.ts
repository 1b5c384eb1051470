import { objectKey } from "../lib/published-release.ts";

/** Which release an object in the artifact bucket belongs to. */
export interface ReleaseKey {
  readonly repository: string;
  readonly tag: string;
}

/**
 * Reads `releases/<repository>/<tag>/manifest.json`. S3 events carry keys form-encoded.
 * Undefined for every other key.
 */
export function parseReleaseKey(eventKey: string): (ReleaseKey & { readonly key: string }) | undefined {
  const key = objectKey(eventKey);
  const match = /^releases\/([\w.-]+)\/([^/]+)\/manifest\.json$/.exec(key);
  const [, repository, tag] = match ?? [];
  return repository && tag ? { repository, tag, key } : undefined;
}
