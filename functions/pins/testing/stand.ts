import type { Catalogue } from "../../../contracts/catalogue.ts";
import { PINS_CHECK } from "../../../contracts/checks.ts";
import type { PinsSettings } from "../../../contracts/pins-settings.ts";
import { PublishedRelease, publishedReleaseKey } from "../../../contracts/published-release.ts";
import { FaultyGithub } from "../../publish/testing/faulty-github.ts";
import { BUCKET, Clouds, OWNER } from "../../testing/clouds.ts";
import { makePinner } from "../parts.ts";
import { pinRelease } from "../pins.ts";
import type { Outcome } from "../proposal.ts";

export const ROOTFS = "os-rootfs";
export const TEMPLATE = "image-builder-template";
export const BRANCH = "hypriotos/pins-rootfs";

/** What a board's repository starts with, written as in `repositories/image`. */
export const EMPTY = '{\n  "version": 1,\n  "rootfs": {}\n}\n';

/** The real function between a real local GitHub and a real local AWS. */
export class Stand extends Clouds {
  private constructor(
    { github, aws }: Clouds,
    readonly proxy: FaultyGithub,
    readonly settings: PinsSettings,
  ) {
    super(github, aws);
  }

  static override async start(): Promise<Stand> {
    const clouds = await Clouds.start();
    const proxy = await FaultyGithub.start(clouds.github.description.baseUrl);
    await clouds.newRepository(ROOTFS);
    return new Stand(clouds, proxy, {
      organization: OWNER,
      bucket: BUCKET,
      template: TEMPLATE,
      github: clouds.access(proxy.url),
    });
  }

  override async stop(): Promise<void> {
    this.proxy.stop();
    await super.stop();
  }

  /** A board's repository with this `versions.json`. */
  async board(repo: string, versions = EMPTY): Promise<void> {
    await this.newRepository(repo);
    await this.write(repo, "versions.json", versions);
  }

  /** Commits a file as the maintainer. */
  async write(repo: string, path: string, content: string, branch = "main"): Promise<void> {
    const at = { owner: OWNER, repo, path };
    const known = await this.octokit.rest.repos
      .getContent({ ...at, ref: branch })
      .then(({ data }) => (Array.isArray(data) ? undefined : data.sha))
      .catch(() => undefined);
    await this.octokit.rest.repos.createOrUpdateFileContents({
      ...at,
      branch,
      message: `Change ${path}`,
      content: Buffer.from(content).toString("base64"),
      ...(known === undefined ? {} : { sha: known }),
    });
  }

  async read(repo: string, path: string, ref: string): Promise<string> {
    const { data } = await this.octokit.rest.repos.getContent({ owner: OWNER, repo, path, ref });
    return "content" in data ? Buffer.from(data.content, "base64").toString("utf8") : "";
  }

  pin(tag: string, architecture = "arm64") {
    const version = tag.slice(1);
    const name = `rootfs-${architecture}-${version}.tar.zst`;
    const url = `${this.github.description.baseUrl}/${OWNER}/${ROOTFS}/releases/download/${tag}/${name}`;
    const digit = version.replaceAll(/\D/g, "").slice(0, 3);
    return { url, sha256: digit.padEnd(64, architecture === "arm64" ? "a" : "b") };
  }

  /** Makes a public release and its `release.json`, as publish does; resolves with the document's key. */
  async release(tag: string, architectures: readonly string[] = ["arm64", "armhf"]): Promise<string> {
    const { data: shown } = await this.octokit.rest.repos.createRelease({
      owner: OWNER,
      repo: ROOTFS,
      tag_name: tag,
      prerelease: tag.includes("-"),
    });
    const document = PublishedRelease.parse({
      version: 1,
      repository: `${OWNER}/${ROOTFS}`,
      kind: "rootfs",
      tag,
      commit: await this.head(ROOTFS),
      architectures,
      preRelease: shown.prerelease,
      url: shown.html_url,
      publishedAt: "2026-11-24T12:00:00Z",
      assets: architectures.map((architecture) => {
        const pin = this.pin(tag, architecture);
        return { name: pin.url.split("/").at(-1), size: 1, ...pin };
      }),
    });
    const Key = publishedReleaseKey(ROOTFS, tag);
    await this.put(Key, JSON.stringify(document));
    return Key;
  }

  /**
   * What the function does about a release, where the pipeline has these boards: repository → architecture. Without
   * what it does in the template, which most tests do not have.
   */
  async tell(
    key: string,
    boards: Readonly<Record<string, "arm64" | "armhf">>,
  ): Promise<Record<string, Outcome>> {
    const { [TEMPLATE]: _, ...told } = await this.tellAll(key, boards);
    return told;
  }

  /** The same, with the template. */
  async tellAll(
    key: string,
    boards: Readonly<Record<string, "arm64" | "armhf">>,
  ): Promise<Record<string, Outcome>> {
    const catalogue: Catalogue = {
      [ROOTFS]: { kind: "rootfs", architectures: ["arm64", "armhf"] },
      ...Object.fromEntries(
        Object.entries(boards).map(([repo, architecture]) => [
          repo,
          { kind: "image" as const, architectures: [architecture] },
        ]),
      ),
    };
    const pinner = makePinner(this.settings, catalogue, this.client);
    return Object.fromEntries(await pinRelease(pinner, key, AbortSignal.timeout(60_000)));
  }

  /** The pull requests of a repository, the oldest first. */
  async pulls(repo: string) {
    const { data } = await this.octokit.rest.pulls.list({ owner: OWNER, repo, state: "all" });
    return [...data].sort((a, b) => a.number - b.number);
  }

  async pull(repo: string, pull_number: number) {
    return (await this.octokit.rest.pulls.get({ owner: OWNER, repo, pull_number })).data;
  }

  async close(repo: string, pull_number: number): Promise<void> {
    await this.octokit.rest.pulls.update({ owner: OWNER, repo, pull_number, state: "closed" });
  }

  /** Ids of a branch's commits, the newest first. */
  async commits(repo: string, sha: string): Promise<string[]> {
    const { data } = await this.octokit.rest.repos.listCommits({ owner: OWNER, repo, sha });
    return data.map((commit) => commit.sha);
  }

  async comments(repo: string, issue_number: number): Promise<string[]> {
    const { data } = await this.octokit.rest.issues.listComments({ owner: OWNER, repo, issue_number });
    return data.map(({ body = "" }) => body);
  }

  /** The checks on the newest commit that say what cannot be pinned. */
  async checks(repo: string) {
    const { data } = await this.octokit.rest.checks.listForRef({
      owner: OWNER,
      repo,
      ref: "main",
      check_name: PINS_CHECK,
    });
    return data.check_runs;
  }
}
