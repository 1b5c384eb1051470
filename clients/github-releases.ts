import type { Readable } from "node:stream";
import { splitFullName } from "../contracts/git.ts";
import { type GithubApp, type GithubRequest, githubStatus, type Permissions } from "./github-app.ts";
import { type Uploaded, upload } from "./upload.ts";

export interface Asset {
  readonly id: number;
  readonly name: string;
  /** `uploaded` where all of it is there; `starter` for what broke off. */
  readonly state: string;
  readonly size: number;
  /** In hex; undefined where this GitHub does not tell. */
  readonly sha256: string | undefined;
  /** Where everybody who may see the repository downloads it, once the release is published. */
  readonly url: string;
}

export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly draft: boolean;
  readonly preRelease: boolean;
  readonly body: string;
  readonly url: string;
  /** ISO 8601; undefined for a draft. */
  readonly publishedAt: string | undefined;
  /** URL template of where assets go, often on another host. */
  readonly uploadUrl: string;
}

/** What a release is when it is published. */
export interface Publication {
  readonly preRelease: boolean;
  readonly latest: boolean;
  /** Markdown. */
  readonly body: string;
}

export interface AssetUpload {
  readonly name: string;
  readonly size: number;
  /** Opens the content; called again where the request must be sent again. */
  readonly open: () => Promise<Readable>;
  readonly idleMs: number;
}

const NOT_FOUND = 404;
const PAGE = 100;

interface ShownAsset {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly size: number;
  readonly digest?: string | null;
  readonly browser_download_url: string;
}

function assetOf({ id, name, state, size, digest, browser_download_url: url }: ShownAsset): Asset {
  return { id, name, state, size, sha256: /^sha256:([0-9a-f]{64})$/.exec(digest ?? "")?.[1], url };
}

interface ShownRelease {
  readonly id: number;
  readonly tag_name: string;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly body?: string | null;
  readonly html_url: string;
  readonly published_at?: string | null;
  readonly upload_url: string;
}

function releaseOf(shown: ShownRelease): Release {
  const { id, tag_name: tag, draft, prerelease: preRelease, body, html_url: url, upload_url } = shown;
  const publishedAt = shown.published_at ?? undefined;
  return { id, tag, draft, preRelease, body: body ?? "", url, publishedAt, uploadUrl: upload_url };
}

/** The releases of one repository. Errors are Octokit's `RequestError`. */
export class GithubReleases {
  readonly #request: GithubRequest;
  readonly #signal: AbortSignal;
  readonly #at: { readonly owner: string; readonly repo: string };

  /** `fullName` is `owner/name`; `signal` ends calls early. */
  constructor(app: GithubApp, fullName: string, permissions: Permissions, signal: AbortSignal) {
    this.#request = app.request(fullName, permissions, signal);
    this.#signal = signal;
    this.#at = splitFullName(fullName);
  }

  /** All of them, drafts too. */
  async releases(): Promise<Release[]> {
    const found: Release[] = [];
    for (let page = 1; ; page += 1) {
      const { data } = await this.#request("GET /repos/{owner}/{repo}/releases", {
        ...this.#at,
        per_page: PAGE,
        page,
      });
      found.push(...data.map(releaseOf));
      if (data.length < PAGE) return found;
    }
  }

  async assets(release: number): Promise<Asset[]> {
    const found: Asset[] = [];
    for (let page = 1; ; page += 1) {
      const { data } = await this.#request("GET /repos/{owner}/{repo}/releases/{release_id}/assets", {
        ...this.#at,
        release_id: release,
        per_page: PAGE,
        page,
      });
      found.push(...data.map(assetOf));
      if (data.length < PAGE) return found;
    }
  }

  /** The tag of the release that GitHub shows as the latest. */
  async latestTag(): Promise<string | undefined> {
    try {
      const { data } = await this.#request("GET /repos/{owner}/{repo}/releases/latest", this.#at);
      return data.tag_name;
    } catch (error) {
      if (githubStatus(error) === NOT_FOUND) return undefined;
      throw error;
    }
  }

  /** The commit that a tag names; undefined where there is no such tag. */
  async tagCommit(tag: string): Promise<string | undefined> {
    try {
      const { data } = await this.#request("GET /repos/{owner}/{repo}/git/ref/{ref}", {
        ...this.#at,
        ref: `tags/${tag}`,
      });
      if (data.object.type !== "tag") return data.object.sha;
      const annotated = await this.#request("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", {
        ...this.#at,
        tag_sha: data.object.sha,
      });
      return annotated.data.object.sha;
    } catch (error) {
      if (githubStatus(error) === NOT_FOUND) return undefined;
      throw error;
    }
  }

  async createDraft(draft: {
    readonly tag: string;
    readonly commit: string;
    readonly preRelease: boolean;
    readonly body: string;
  }): Promise<Release> {
    const { data } = await this.#request("POST /repos/{owner}/{repo}/releases", {
      ...this.#at,
      tag_name: draft.tag,
      target_commitish: draft.commit,
      name: draft.tag,
      body: draft.body,
      draft: true,
      prerelease: draft.preRelease,
    });
    return releaseOf(data);
  }

  /** A draft that is gone is fine. */
  async deleteRelease(id: number): Promise<void> {
    await this.#unlessGone(
      this.#request("DELETE /repos/{owner}/{repo}/releases/{release_id}", { ...this.#at, release_id: id }),
    );
  }

  /** An asset that is gone is fine. */
  async deleteAsset(id: number): Promise<void> {
    await this.#unlessGone(
      this.#request("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", { ...this.#at, asset_id: id }),
    );
  }

  async publish(id: number, { preRelease, latest, body }: Publication): Promise<Release> {
    const { data } = await this.#request("PATCH /repos/{owner}/{repo}/releases/{release_id}", {
      ...this.#at,
      release_id: id,
      draft: false,
      prerelease: preRelease,
      make_latest: latest ? "true" : "false",
      body,
    });
    return releaseOf(data);
  }

  /** Shows a published release as the latest. */
  async makeLatest(id: number): Promise<void> {
    await this.#request("PATCH /repos/{owner}/{repo}/releases/{release_id}", {
      ...this.#at,
      release_id: id,
      make_latest: "true",
    });
  }

  /**
   * Uploads an asset without holding its content. Resolves with what GitHub has, and the SHA-256 of what was sent.
   * Throws what broke it off: the content's own error, or GitHub's.
   */
  async uploadAsset(
    release: Release,
    { name, size, open, idleMs }: AssetUpload,
  ): Promise<{ readonly asset: Asset; readonly sentSha256: string }> {
    let sent: Uploaded | undefined;
    let broken: unknown;
    const send = async (url: string, init: { headers: Record<string, string> }): Promise<Response> => {
      try {
        const content = await open();
        sent = await upload({ url, headers: init.headers, size, content, idleMs, signal: this.#signal });
        return sent.response;
      } catch (error) {
        // Octokit keeps the message only.
        broken = error;
        throw error;
      }
    };
    try {
      const { data } = await this.#request(`POST ${release.uploadUrl}`, {
        name,
        headers: { "content-type": "application/octet-stream" },
        request: { fetch: send },
      });
      if (sent?.sha256 === undefined) throw new Error(`${name}: GitHub answered without an asset`);
      return { asset: assetOf(data), sentSha256: sent.sha256 };
    } catch (error) {
      throw githubStatus(error) === undefined ? (broken ?? error) : error;
    }
  }

  async #unlessGone(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (githubStatus(error) !== NOT_FOUND) throw error;
    }
  }
}
