import type { Identity } from "./auth.ts";
import type { RefChange } from "./context.ts";
import type { Front } from "./front.ts";
import type { Repository } from "./host/rows.ts";
import { synchronize } from "./pull-requests.ts";
import { announce } from "./push.ts";

/**
 * What follows a change of refs: events to the hooks, and open pull requests that move along. The change itself is
 * done and kept, so whatever fails here is reported and does not make the push or the request fail.
 */
export async function followRefs(
  front: Front,
  repository: Repository,
  identity: Identity | undefined,
  changes: readonly Omit<RefChange, "repository">[],
  known: readonly string[],
): Promise<void> {
  try {
    await announce(front, repository, identity, changes, known);
    await synchronize(front, repository, identity, changes);
  } catch (error) {
    console.error(error);
  }
}
