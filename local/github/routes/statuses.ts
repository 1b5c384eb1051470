import { resolveCommit } from "../git/compare.ts";
import { type Context, HttpError } from "../host/router.ts";
import type { Collection, Row, Store } from "../host/store.ts";
import { actingUser } from "../push.ts";
import { showUser } from "../show.ts";
import type { RouteParts } from "./all.ts";
import { identityOf, invalid, page, repositoryOf, text } from "./support.ts";

const STATES = ["error", "failure", "pending", "success"];

/** A commit status: the older sibling of the check run, which also counts as a required check. */
export interface Status extends Row {
  repo_id: number;
  sha: string;
  context: string;
  state: string;
  description: string | null;
  target_url: string | null;
  creator: Record<string, unknown>;
  app_id: number | undefined;
}

export function statusesTable(store: Store): Collection<Status> {
  return store.collection<Status>("front.statuses", ["sha"]);
}

/** The last status of each context. */
export function latest<T extends { readonly context: string; readonly id: number }>(
  statuses: readonly T[],
): T[] {
  const byContext = new Map<string, T>();
  for (const status of [...statuses].sort((left, right) => left.id - right.id))
    byContext.set(status.context, status);
  return [...byContext.values()];
}

/** What GitHub sums up the states of all contexts to. */
export function combined(states: readonly string[]): string {
  if (states.some((state) => state === "failure" || state === "error")) return "failure";
  return states.length === 0 || states.includes("pending") ? "pending" : "success";
}

export function addStatuses(front: RouteParts): void {
  const { router, db, store, sender, baseUrl, directoryOf } = front;
  const table = statusesTable(store);

  const shaOf = async (context: Context, ref: string): Promise<string> => {
    const found = await resolveCommit(directoryOf(repositoryOf(db, context).id), ref);
    if (found === undefined) throw new HttpError(404, "Not Found");
    return found;
  };
  const of = (context: Context, sha: string) =>
    table.findBy("sha", sha).filter((row) => row.repo_id === repositoryOf(db, context).id);
  const show = (context: Context, { repo_id: _repository, app_id: _app, sha, ...status }: Status) => ({
    ...status,
    url: `${baseUrl}/repos/${repositoryOf(db, context).full_name}/statuses/${sha}`,
  });

  router.post("/repos/:owner/:repo/statuses/:sha", async (context) => {
    const repository = repositoryOf(db, context);
    const sha = await shaOf(context, context.req.param("sha"));
    const body = await context.object();
    if (typeof body.state !== "string" || !STATES.includes(body.state)) {
      throw invalid("Validation Failed", [
        `state: found ${JSON.stringify(body.state)}; expected ${STATES.join(", ")}`,
      ]);
    }
    const identity = identityOf(context);
    const user = showUser(actingUser(db, identity), baseUrl);
    const status = table.insert({
      repo_id: repository.id,
      sha,
      context: text(body.context) ?? "default",
      state: body.state,
      description: text(body.description) ?? null,
      target_url: text(body.target_url) ?? null,
      creator: user,
      app_id: identity?.installation?.appId,
    });
    const shown = show(context, status);
    const owner = repository.full_name.split("/")[0] ?? "";
    const payload = {
      ...shown,
      sha,
      name: repository.full_name,
      repository: await front.look(`/repos/${repository.full_name}`),
      sender: user,
    };
    sender.emit("status", undefined, payload, owner, repository);
    return context.json(shown, 201);
  });

  router.get("/repos/:owner/:repo/commits/:ref{.+}/statuses", async (context) => {
    const rows = of(context, await shaOf(context, context.req.param("ref"))).sort(
      (left, right) => right.id - left.id,
    );
    return context.json(page(context, rows).map((row) => show(context, row)));
  });

  router.get("/repos/:owner/:repo/commits/:ref{.+}/status", async (context) => {
    const sha = await shaOf(context, context.req.param("ref"));
    const rows = latest(of(context, sha));
    return context.json({
      state: combined(rows.map(({ state }) => state)),
      statuses: rows.map((row) => show(context, row)),
      sha,
      total_count: rows.length,
    });
  });
}
