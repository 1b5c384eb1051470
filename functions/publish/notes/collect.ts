import type { S3Client } from "@aws-sdk/client-s3";
import type { GithubRequest } from "../../../clients/github-app.ts";
import type { Release } from "../../../clients/github-releases.ts";
import { splitFullName } from "../../../contracts/git.ts";
import { MANIFEST_FILE, type Manifest } from "../../../contracts/manifest.ts";
import { previousTag } from "../../../contracts/release-order.ts";
import { ReleaseTag } from "../../../contracts/release-tag.ts";
import { readText } from "../../lib/read-text.ts";
import { type PinnedFile, unlessAbsent } from "../pins.ts";
import type { ReleasePlan } from "../plan.ts";
import { readManifest } from "../read-manifest.ts";
import type { NotedCommit, NotedPullRequest, NotesInput } from "./notes.ts";
import { type PackageChanges, packageChanges, readPackages } from "./packages.ts";

export interface NotesSources {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly request: GithubRequest;
}

export interface NotesSubject {
  readonly manifest: Manifest;
  readonly plan: ReleasePlan;
  /** All of the repository. */
  readonly releases: readonly Release[];
  readonly pins: readonly PinnedFile[];
  /** PEM. */
  readonly publicKey: string;
}

type At = ReturnType<typeof splitFullName>;

const PAGE = 100;
/** Pages of commits and of pull requests that are read. */
const MAX_PAGES = 10;
const PACKAGES_MAX_BYTES = 4 * 1024 * 1024;
const LIST = ".packages";
async function commitsBetween(
  request: GithubRequest,
  at: At,
  from: string,
  to: string,
): Promise<{ readonly commits: NotedCommit[]; readonly total: number }> {
  const commits: NotedCommit[] = [];
  let total = 0;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const answer = await unlessAbsent(
      request("GET /repos/{owner}/{repo}/compare/{basehead}", {
        ...at,
        basehead: `${from}...${to}`,
        per_page: PAGE,
        page,
      }),
    );
    if (answer === undefined) break;
    total = answer.data.total_commits;
    for (const { sha, commit, author } of answer.data.commits) {
      const name = author?.login ?? commit.author?.name ?? "";
      commits.push({ sha, message: commit.message, author: name });
    }
    if (commits.length >= total || answer.data.commits.length === 0) break;
  }
  return { commits, total };
}

/** Those whose merge is among the commits: the newest first, as they were changed last. */
async function mergedPullRequests(
  request: GithubRequest,
  at: At,
  commits: readonly NotedCommit[],
): Promise<NotedPullRequest[]> {
  const shas = new Set(commits.map(({ sha }) => sha));
  const found: NotedPullRequest[] = [];
  for (let page = 1; shas.size > 0 && page <= MAX_PAGES; page += 1) {
    const query = { state: "closed", sort: "updated", direction: "desc", per_page: PAGE, page } as const;
    const { data } = await request("GET /repos/{owner}/{repo}/pulls", { ...at, ...query });
    for (const { number, title, user, merge_commit_sha, merged_at } of data) {
      if (merged_at === null || merge_commit_sha === null || !shas.has(merge_commit_sha)) continue;
      found.push({ number, title, author: user?.login ?? "" });
    }
    if (data.length < PAGE) break;
  }
  return found.sort((a, b) => a.number - b.number);
}

/** The name of a list of packages without its release's version. */
function listName(path: string, tag: string): string {
  return path
    .slice(0, -LIST.length)
    .replaceAll(`-${tag}`, "")
    .replaceAll(`-${tag.slice(1)}`, "");
}

async function packagesOf(
  { s3, bucket }: NotesSources,
  { artifacts }: Pick<Manifest, "artifacts">,
  prefix: string,
  tag: string,
): Promise<Map<string, ReadonlyMap<string, string>>> {
  const lists = new Map<string, ReadonlyMap<string, string>>();
  for (const { path } of artifacts.filter(({ path }) => path.endsWith(LIST))) {
    const text = await readText(s3, bucket, `${prefix}${path}`, PACKAGES_MAX_BYTES);
    lists.set(listName(path, tag), readPackages(text));
  }
  return lists;
}

/** What changed in each list that both releases have; nothing where the release before was not made by the pipeline. */
async function packagesSince(
  sources: NotesSources,
  manifest: Manifest,
  tag: string,
  previous: string,
): Promise<Map<string, PackageChanges>> {
  const { repo: repository } = splitFullName(manifest.repository);
  const prefix = (of: string) => `releases/${repository}/${of}/`;
  const key = `${prefix(previous)}${MANIFEST_FILE}`;
  const before = await readManifest(sources.s3, sources.bucket, { repository, tag: previous, key }).catch(
    () => undefined,
  );
  if (before === undefined) return new Map();
  const old = await packagesOf(sources, before, prefix(previous), previous);
  const now = await packagesOf(sources, manifest, prefix(tag), tag);
  return new Map(
    [...now].flatMap(([list, packages]) => {
      const earlier = old.get(list);
      return earlier === undefined ? [] : [[list, packageChanges(earlier, packages)] as const];
    }),
  );
}

/** Reads everything that a release's notes tell. */
export async function collectNotes(
  sources: NotesSources,
  { manifest, plan, releases, pins, publicKey }: NotesSubject,
): Promise<NotesInput> {
  const { request, bucket } = sources;
  const { tag, commit, assets } = plan;
  const { kind, repository } = manifest;
  const at = splitFullName(repository);
  const published = releases
    .filter((release) => !release.draft && ReleaseTag.safeParse(release.tag).success)
    .map((release) => release.tag);
  const previous = previousTag(tag, published);
  const { commits, total } =
    previous === undefined
      ? { commits: [], total: 0 }
      : await commitsBetween(request, at, `refs/tags/${previous}`, commit);
  const { data: shown } = await request("GET /repos/{owner}/{repo}", at);
  return {
    tag,
    kind,
    repositoryUrl: shown.html_url,
    location: `s3://${bucket}/releases/${at.repo}/${tag}`,
    previous,
    commits,
    totalCommits: total,
    pullRequests: await mergedPullRequests(request, at, commits),
    packages: previous === undefined ? new Map() : await packagesSince(sources, manifest, tag, previous),
    pins,
    assets,
    publicKey,
  };
}
