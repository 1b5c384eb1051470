import { requestState } from "../context.ts";
import { HttpError, type Reply } from "../host/router.ts";
import type { RouteParts } from "./all.ts";
import { identityOf } from "./support.ts";

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Check runs belong to the App that made them: rules ask for it, and GitHub takes them from Apps only. */
export function addChecks(front: RouteParts): void {
  const { router, db, store } = front;

  // The emulator has a field for the App but never fills it in.
  store.guard("github.check_runs", ({ before, after }) => {
    const app = requestState.getStore()?.identity?.installation?.appId;
    if (before === undefined && after !== undefined && app !== undefined)
      Object.assign(after, { app_id: app });
  });

  const withApp = (shown: Record<string, unknown>): Record<string, unknown> => {
    const run = typeof shown.id === "number" ? db.checkRuns.get(shown.id) : undefined;
    const app = db.apps.all().find(({ app_id }) => app_id === run?.app_id);
    if (app === undefined) return shown;
    return {
      ...shown,
      app: {
        id: app.app_id,
        slug: app.slug,
        name: app.name,
        permissions: app.permissions,
        events: app.events,
      },
    };
  };
  const extend = (reply: Reply | undefined): Reply | undefined => {
    if (reply === undefined || reply.status >= 300 || typeof reply.body !== "string") return reply;
    const shown = object(JSON.parse(reply.body));
    const runs = shown.check_runs;
    const extended = Array.isArray(runs)
      ? { ...shown, check_runs: runs.map((run) => withApp(object(run))) }
      : withApp(shown);
    return { ...reply, body: JSON.stringify(extended) };
  };

  router.post("/repos/:owner/:repo/check-runs", async (context, next) => {
    if (identityOf(context)?.installation === undefined) {
      throw new HttpError(403, "You must authenticate via a GitHub App.");
    }
    return extend(await next());
  });
  router.patch("/repos/:owner/:repo/check-runs/:id{\\d+}", async (_context, next) => extend(await next()));
  router.get("/repos/:owner/:repo/check-runs/:id{\\d+}", async (_context, next) => extend(await next()));
  router.get("/repos/:owner/:repo/commits/:ref{.+}/check-runs", async (_context, next) =>
    extend(await next()),
  );
}
