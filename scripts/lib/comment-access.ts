import { RequestError } from "@octokit/request-error";
import { Octokit } from "@octokit/rest";
import { oneLine } from "../../clients/text.ts";

const TIMEOUT_MS = 30_000;
const BOT_OF_ACTIONS = "github-actions[bot]";

export interface CommentAccess {
  readonly token: string;
  /** `https://api.github.com` */
  readonly apiUrl: string;
  /** The login that the token writes as, where it is known. */
  readonly login: string | undefined;
}

/**
 * Where comments go and as whom, from the environment.
 *
 * @throws {Error} when there is no token
 */
export function commentAccess(env: NodeJS.ProcessEnv): CommentAccess {
  const token = env.AUDIT_COMMENT_TOKEN || env.GITHUB_TOKEN;
  if (token === undefined || token === "") {
    throw new Error(
      "--comment: found no token, expected one in AUDIT_COMMENT_TOKEN or GITHUB_TOKEN that may write to pull requests",
    );
  }
  return {
    token,
    apiUrl: (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, ""),
    login: env.AUDIT_COMMENT_AS || (env.GITHUB_ACTIONS === "true" ? BOT_OF_ACTIONS : undefined),
  };
}

const silent = () => undefined;

export function connect({ token, apiUrl }: CommentAccess): Octokit {
  return new Octokit({
    auth: token,
    baseUrl: apiUrl,
    userAgent: "hypriotos-audit",
    log: { debug: silent, info: silent, warn: silent, error: silent },
    request: {
      fetch: (url: string, init: RequestInit) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
    },
  });
}

/** Whether GitHub answered with one of these. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof RequestError && error.response !== undefined && statuses.includes(error.status);
}

/** For what may be gone already: that is no failure. */
export function ignoringMissing(error: unknown): undefined {
  if (hasStatus(error, 404)) return undefined;
  throw error;
}

/** For what may be there already: that is no failure. */
export function ignoringExisting(error: unknown): undefined {
  const said = error instanceof RequestError ? JSON.stringify(error.response?.data ?? "") : "";
  if (hasStatus(error, 422) && said.includes('"already_exists"')) return undefined;
  throw error;
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "the token is not valid, or no longer",
  403: "the token needs write access to the repository's pull requests; that of a pull request from a fork has none",
  404: "there is no such pull request, or the token may not see it",
};

/** What GitHub answered, in one line that does nothing to its reader. Never the token. */
export function failureSentence(what: string, error: unknown): string {
  if (!(error instanceof RequestError) || error.response === undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${what} failed, GitHub did not answer: ${oneLine(reason, 200)}`;
  }
  const { status } = error;
  const advice = ADVICE[status] ?? (status >= 500 ? "try again later" : undefined);
  const said = oneLine(error.message, 300);
  return `${what} failed, GitHub answered ${status} (${said})${advice === undefined ? "" : `: ${advice}`}`;
}
