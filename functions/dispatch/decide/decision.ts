import type { BuildIdentity } from "../../../contracts/build-job.ts";
import type { BuildRecord, BuildState, Lineage } from "../../../contracts/build-record.ts";

/** What has to be looked up before an event can be decided. */
export interface Questions {
  /** The records of these builds. */
  readonly builds: readonly string[];
  /** May this person write to the repository? */
  readonly person?: string;
  /** Which commit is the head of this pull request now? */
  readonly pullRequest?: number;
  /** Which builds told of themselves on this commit? Their records are wanted too. */
  readonly commit?: string;
}

/** The answers, and what dispatch is. */
export interface Known {
  /** Builds by their key. */
  readonly builds: ReadonlyMap<string, BuildRecord>;
  /** Undefined where GitHub does not tell. */
  readonly mayWrite?: boolean | undefined;
  readonly head?: string;
  /** The delivery that is decided on. */
  readonly delivery: string;
  readonly now: Date;
  /** The repository, `owner/name`. */
  readonly repository: string;
  readonly tagPattern: string;
}

/** How the record of a build is made or moved, if nobody else does so at the same time. */
export type Claim =
  | { readonly how: "new" }
  /** It stands as it should be; what follows may not have been done. */
  | { readonly how: "resume" }
  | { readonly how: "move"; readonly attempt: number; readonly state: BuildState };

export type Step =
  /** A build is queued: record, check run, job. */
  | {
      readonly do: "queue";
      readonly build: BuildIdentity;
      readonly attempt: number;
      readonly claim: Claim;
    }
  /** A stranger's commit waits for a maintainer: record, check run that asks for one. */
  | { readonly do: "wait"; readonly build: BuildIdentity; readonly claim: Claim }
  /** A check run that says why there is no build. */
  | {
      readonly do: "refuse";
      readonly commit: string;
      readonly check: string;
      readonly externalId: string;
      readonly title: string;
      readonly summary: string;
    }
  /** The waiting check run of a build says that a label did not count. */
  | { readonly do: "disallow"; readonly build: BuildIdentity; readonly by: string }
  /** The approval label is taken off a pull request. */
  | { readonly do: "remove-label"; readonly number: number }
  /** The newest build of a lineage; `before` is the one that it follows, where that is known. */
  | { readonly do: "lead"; readonly lineage: Lineage; readonly before?: string }
  | { readonly do: "nothing"; readonly because: string };

export type Decision = readonly Step[];

export const nothing = (because: string): Step => ({ do: "nothing", because });
