import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";

/** The provider's configuration, by the official provider's property names. */
export interface GitHubConfig {
  readonly owner?: string;
  /** The official provider's older name for `owner`. */
  readonly organization?: string;
  readonly token?: string;
  readonly baseUrl?: string;
  /** An App's identity in place of a token; `pemFile` is the key itself, as in the official provider. */
  readonly appAuth?: { readonly id: string; readonly installationId: string; readonly pemFile: string };
}

/** What every GitHub resource handler needs. */
export interface GitHub {
  readonly api: Octokit;
  /** The organization or user that every repository belongs to. */
  readonly owner: string;
}

const DOT_COM_API = "https://api.github.com";

/**
 * The REST root for a provider's `baseUrl`, without a trailing slash. Hosts other than github.com serve
 * REST below `api/v3`, and the official provider appends that itself.
 */
export function restUrl(baseUrl: string | undefined): string {
  const url = new URL(baseUrl === undefined || baseUrl === "" ? DOT_COM_API : baseUrl);
  if (url.host === "api.github.com" || url.host === "github.com") {
    return DOT_COM_API;
  }
  const prefix = url.pathname.replace(/\/+$/, "").replace(/\/api\/v3$/, "");
  return `${url.origin}${prefix}/api/v3`;
}

/**
 * A client that knows its owner. Does not connect. The environment's variables stand in for a missing
 * token and owner, as in the official provider.
 */
export function connect(config: GitHubConfig, environment: NodeJS.ProcessEnv = process.env): GitHub {
  const owner =
    config.owner ?? config.organization ?? environment.GITHUB_OWNER ?? environment.GITHUB_ORGANIZATION;
  const token = config.token ?? environment.GITHUB_TOKEN;
  const problems: string[] = [];
  if (owner === undefined || owner === "") {
    problems.push("owner: missing; expected an organization or user (or GITHUB_OWNER)");
  }
  if (config.appAuth === undefined && (token === undefined || token === "")) {
    problems.push("token: missing; expected a token (or GITHUB_TOKEN), or appAuth");
  }
  if (owner === undefined || problems.length > 0) {
    throw new Error(problems.join("\n"));
  }
  const silent = () => undefined;
  const api = new Octokit({
    baseUrl: restUrl(config.baseUrl),
    // A 404 is an answer here, not an incident: the client's own log would print each one.
    log: { debug: silent, info: silent, warn: silent, error: silent },
    ...(config.appAuth === undefined
      ? { auth: token }
      : {
          authStrategy: createAppAuth,
          auth: {
            appId: config.appAuth.id,
            installationId: config.appAuth.installationId,
            privateKey: config.appAuth.pemFile,
          },
        }),
  });
  return { api, owner };
}

/** The HTTP status of a failed request; undefined where the failure has none. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && "status" in error && typeof error.status === "number"
    ? error.status
    : undefined;
}

/** The answer, or undefined where GitHub says that there is no such thing. */
export async function found<Answer>(request: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Waits for a deletion. Gone already is success, and so is what an archived repository holds: it is
 * read-only, so its parts leave with it (the official provider drops them from state too).
 */
export async function deleted(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    const archived = statusOf(error) === 403 && /archived/i.test(String(error));
    if (statusOf(error) !== 404 && !archived) {
      throw error;
    }
  }
}

/** Whether GitHub refused to make something because its name, or the like, is taken. */
export function isTaken(error: unknown): boolean {
  return statusOf(error) === 422 && /already exists|must be unique/i.test(String(error));
}
