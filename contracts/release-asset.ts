import { BuildKey } from "./build-key.ts";
import { RepositoryFullName } from "./git.ts";
import { ArtifactPath } from "./manifest.ts";

/** The web pages' base of a GitHub, by the base of its REST API. Undefined for an API that is no URL. */
export function githubWebUrl(apiUrl: string): string | undefined {
  if (!URL.canParse(apiUrl)) return undefined;
  const { protocol, host, origin } = new URL(apiUrl);
  // github.com and its enterprise clouds have a host for the API, enterprise servers and the local one a path or none.
  return host === "api.github.com" || /^api\.[^.]+\.ghe\.com$/.test(host)
    ? `${protocol}//${host.slice("api.".length)}`
    : origin;
}

/**
 * Where the artifact bucket holds an asset of a release that the pipeline published: GitHub's copy and the bucket's
 * come from the same build. Undefined for an address that is no asset of an organization's release on this GitHub.
 * An asset by another name than its artifact's (publish renames folders and `~`) is not found there.
 */
export function releaseAssetKey(
  url: string,
  { apiUrl, organization }: { readonly apiUrl: string; readonly organization: string },
): string | undefined {
  const base = `${githubWebUrl(apiUrl)}/`;
  if (!url.startsWith(base)) return undefined;
  const [owner = "", repo = "", releases, download, tag = "", name = "", ...more] = url
    .slice(base.length)
    .split("/");
  if (releases !== "releases" || download !== "download" || more.length > 0) return undefined;
  // GitHub takes an owner's name in any case.
  if (owner.toLowerCase() !== organization.toLowerCase()) return undefined;
  const release = `releases/${repo}/${tag}`;
  const good =
    RepositoryFullName.safeParse(`${owner}/${repo}`).success &&
    BuildKey.safeParse(release).success &&
    ArtifactPath.safeParse(name).success;
  return good ? `${release}/${name}` : undefined;
}
