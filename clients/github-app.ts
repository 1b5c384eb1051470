import { createAppAuth } from "@octokit/auth-app";
import { request } from "@octokit/request";
import { RequestError } from "@octokit/request-error";
import { splitFullName } from "../contracts/git.ts";
import type { GithubAccess } from "../contracts/runner-settings.ts";

/** What a token may do on its repository, as GitHub names it. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

/** Octokit's `request`, typed by route. */
export type GithubRequest = typeof request;

export interface GithubAppOptions {
  readonly access: Pick<GithubAccess, "apiUrl" | "appId">;
  /** The owner of the repositories: where the App is installed. */
  readonly organization: string;
  /** Reads the App's private key, PEM. Asked for at first, and again when GitHub does not take it any more. */
  readonly privateKey: () => Promise<string>;
  /** How long one call may take. Default: 4 s. */
  readonly timeoutMs?: number;
}

type Endpoint = ReturnType<GithubRequest["endpoint"]["merge"]> & { url: string };
type Auth = ReturnType<typeof createAppAuth>;

interface Installation {
  readonly auth: Auth;
  readonly installationId: number;
  readonly slug: string;
}

const UNAUTHORIZED = 401;

/** The HTTP status that GitHub answered with; undefined where it did not answer. */
export function githubStatus(error: unknown): number | undefined {
  return error instanceof RequestError && error.response !== undefined ? error.status : undefined;
}

/**
 * Acts on GitHub as the App. Tokens are limited to one repository and to what is asked for, and kept until they end;
 * a call that is answered with 401 is made once more with key, installation and token read anew.
 */
export class GithubApp {
  readonly #options: GithubAppOptions;
  readonly #request: GithubRequest;
  #known: Promise<Installation> | undefined;

  constructor(options: GithubAppOptions) {
    this.#options = options;
    const timeoutMs = options.timeoutMs ?? 4_000;
    this.#request = request.defaults({
      baseUrl: options.access.apiUrl.replace(/\/$/, ""),
      request: {
        fetch: (url: string, init: RequestInit) => {
          const limits = [AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])];
          return fetch(url, { ...init, signal: AbortSignal.any(limits) });
        },
      },
    });
  }

  /** Octokit's `request` with tokens for one repository, `owner/name`. `signal` ends calls early. */
  request(fullName: string, permissions: Permissions, signal?: AbortSignal): GithubRequest {
    const { repo } = splitFullName(fullName);
    const token = async () => {
      const { auth, installationId } = await this.#installation();
      const { token } = await auth({
        type: "installation",
        installationId,
        repositoryNames: [repo],
        permissions: { ...permissions },
      });
      return token;
    };
    return this.#request.defaults({
      request: {
        ...(signal === undefined ? {} : { signal }),
        hook: async (send: GithubRequest, options: Endpoint) => {
          const authorized = async () => {
            const headers = { ...options.headers, authorization: `token ${await token()}` };
            return send({ ...options, headers });
          };
          try {
            return await authorized();
          } catch (error) {
            if (githubStatus(error) !== UNAUTHORIZED) throw error;
            this.#known = undefined;
            return await authorized();
          }
        },
      },
    });
  }

  /** The login that what the App makes carries, `<slug>[bot]`. */
  async login(): Promise<string> {
    return `${(await this.#installation()).slug}[bot]`;
  }

  #installation(): Promise<Installation> {
    this.#known ??= this.#find().catch((error: unknown) => {
      // What failed is tried again at the next call.
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  async #find(): Promise<Installation> {
    const { access, organization, privateKey } = this.#options;
    const auth = createAppAuth({
      appId: access.appId,
      privateKey: await privateKey(),
      request: this.#request,
    });
    const { token } = await auth({ type: "app" });
    const { data } = await this.#request("GET /orgs/{org}/installation", {
      org: organization,
      headers: { authorization: `bearer ${token}` },
    });
    return { auth, installationId: data.id, slug: data.app_slug };
  }
}
