import { createHash } from "node:crypto";
import { VERSIONS_FILE } from "../../contracts/versions.ts";
import type { Dependency } from "./release.ts";

/** The branch that new pins of a dependency are proposed from, in each board's repository. */
export function pinsBranch(dependency: Dependency): string {
  return `hypriotos/pins-${dependency}`;
}

/** The id that git gives a file's content. */
export function blobId(text: string): string {
  const content = Buffer.from(text, "utf8");
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

export interface BranchCommit {
  readonly authorEmail: string;
  readonly committerEmail: string;
  readonly parents: number;
}

/** How a branch differs from the default branch. */
export interface Difference {
  /** Commits of the branch that the default branch lacks; the first of them where there are many. */
  readonly commits: readonly BranchCommit[];
  readonly total: number;
  /** Commits of the default branch that the branch lacks. */
  readonly behind: number;
  readonly files: readonly { readonly path: string; readonly blob: string }[];
}

export interface Branch {
  readonly tip: string;
  readonly difference: Difference;
}

/** What GitHub signs commits as that are made over its API or on its pages. */
const GITHUB_EMAIL = "noreply@github.com";

function madeBy(login: string, email: string): boolean {
  const [local = ""] = email.split("@");
  return email.endsWith("@users.noreply.github.com") && local.replace(/^\d+\+/, "") === login;
}

/**
 * Whether nobody but the App worked on the branch: commits of others are theirs, and so is any other file than
 * `versions.json`. A merge is nobody's work: people bring a branch up to date with a button.
 */
export function isOwn({ commits, total, files }: Difference, login: string): boolean {
  if (commits.length < total) return false;
  const own = commits.every(
    ({ authorEmail, committerEmail, parents }) =>
      parents > 1 ||
      (madeBy(login, authorEmail) && (committerEmail === GITHUB_EMAIL || madeBy(login, committerEmail))),
  );
  return own && files.every(({ path }) => path === VERSIONS_FILE);
}

/** Whether the branch holds just this content of `versions.json` already. */
export function holds({ files }: Difference, text: string): boolean {
  const [file, ...others] = files;
  return others.length === 0 && file?.path === VERSIONS_FILE && file.blob === blobId(text);
}

/**
 * The parents of a commit that brings a branch to the default branch's files and new pins. The branch's own tip comes
 * first: what it pointed to stays in its history, so that a push that came in between is refused, not lost.
 */
export function parentsOf(branch: Branch | undefined, main: string): string[] {
  // Where the branch has nothing of its own, the default branch contains it.
  if (branch === undefined || branch.difference.total === 0) return [main];
  return branch.difference.behind === 0 ? [branch.tip] : [branch.tip, main];
}
