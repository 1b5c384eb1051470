import type { GithubApp } from "../../clients/github-app.ts";
import type { Pins } from "./edit.ts";
import type { PinnedRelease } from "./release.ts";

/** What was done about a release in one repository. */
export type Outcome =
  | { readonly did: "opened" | "updated"; readonly pull: number }
  | { readonly did: "committed"; readonly commit: string }
  /** People have to do something; it is said where they see it. */
  | { readonly did: "told"; readonly because: string }
  | { readonly did: "nothing"; readonly because: string };

export interface Proposal {
  readonly github: GithubApp;
  readonly appId: number;
  /** The repository, owner/name. */
  readonly repository: string;
  readonly release: PinnedRelease;
  /** What of the release this repository is to pin. */
  readonly pins: Pins;
  readonly signal: AbortSignal;
}

export const nothing = (because: string): Outcome => ({ did: "nothing", because });
