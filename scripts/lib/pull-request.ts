import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

/** A pull request of a repository. */
export interface PullRequestRef {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

const REFERENCE = /^([A-Za-z\d](?:[A-Za-z\d-]{0,38}))\/([\w.-]{1,100})#([1-9]\d{0,9})$/;

/**
 * Reads `owner/name#number`.
 *
 * @throws {Error} that says what was found
 */
export function parsePullRequest(text: string): PullRequestRef {
  const [, owner, repo, number] = REFERENCE.exec(text) ?? [];
  if (owner === undefined || repo === undefined) {
    throw new Error(
      `--comment: found ${JSON.stringify(text)}, expected a pull request as <owner>/<repository>#<number>`,
    );
  }
  return { owner, repo, number: Number(number) };
}

export const showPullRequest = ({ owner, repo, number }: PullRequestRef): string =>
  `${owner}/${repo}#${number}`;

const eventSchema = z.object({
  pull_request: z
    .object({
      number: z.number().int().positive(),
      head: z.object({ sha: z.string().regex(/^[\da-f]{40}$/) }),
    })
    .optional(),
});

/** What a workflow of GitHub Actions knows of the pull request that it runs for. */
export interface EventPullRequest {
  readonly number: number;
  /** The pull request's own last commit; `GITHUB_SHA` is that of a merge which nobody made. */
  readonly head: string;
}

/** Reads the event that a workflow runs for; undefined where it is none of a pull request. */
export function eventPullRequest(text: string | undefined): EventPullRequest | undefined {
  if (text === undefined) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const pull = eventSchema.safeParse(document).data?.pull_request;
  return pull === undefined ? undefined : { number: pull.number, head: pull.head.sha };
}

/**
 * The pull request to comment on: what the option names, else the one that a workflow runs for.
 *
 * @param option the option's value, empty where it has none
 * @throws {Error} that says what is missing
 */
export function commentTarget(
  option: string,
  repository: string | undefined,
  event: EventPullRequest | undefined,
): PullRequestRef {
  if (option !== "") return parsePullRequest(option);
  const missing = [
    ...(repository ? [] : ["GITHUB_REPOSITORY"]),
    ...(event === undefined ? ["a pull request's event in GITHUB_EVENT_PATH"] : []),
  ];
  if (repository === undefined || repository === "" || event === undefined) {
    throw new Error(
      `--comment: found neither a pull request nor ${missing.join(" and ")}, expected <owner>/<repository>#<number>`,
    );
  }
  return parsePullRequest(`${repository}#${event.number}`);
}

/** The pull request that a workflow runs for, where this is one. */
export function workflowPullRequest(): EventPullRequest | undefined {
  const file = process.env.GITHUB_EVENT_PATH;
  return eventPullRequest(file !== undefined && existsSync(file) ? readFileSync(file, "utf8") : undefined);
}
