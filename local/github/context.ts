import { AsyncLocalStorage } from "node:async_hooks";
import type { Identity } from "./auth.ts";
import type { MergeFacts } from "./rules/evaluate.ts";

/** A ref that was changed. `undefined`: it did not exist before, or does not now. */
export interface RefChange {
  readonly repository: number;
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What the emulator's synchronous routes cannot be told as an argument. */
export interface RequestState {
  readonly identity: Identity | undefined;
  readonly path: string;
  readonly changes: RefChange[];
  /** Set while a pull request is merged, so that the rules judge a merge and not a push. */
  merge?: MergeFacts & { readonly head: string };
  /** Set while a repository is deleted: its refs go with its folder, and no rule protects them. */
  deletingRepository?: number;
  /** Set while the front does what GitHub does itself: no rule applies. */
  trusted?: boolean;
}

export const requestState = new AsyncLocalStorage<RequestState>();
