import { requestState } from "../context.ts";
import { git } from "../git/run.ts";
import { type Context, HttpError, type Reply } from "../host/router.ts";
import { actingUser } from "../push.ts";
import { showRepository, showUser } from "../show.ts";
import type { RouteParts } from "./all.ts";
import { identityOf, invalid, repositoryOf, text } from "./support.ts";

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/**
 * Somebody asks for checks again. GitHub tells the App that made them and leaves the check runs as they are (the
 * emulator queues them again). There it tells the App's own webhook only; here that is every hook that wants it.
 */
function addRerequests({ router, db, sender, look, baseUrl }: RouteParts): void {
  const tell = async (context: Context, event: "check_run" | "check_suite", path: string) => {
    const repository = repositoryOf(db, context);
    const identity = identityOf(context);
    const shown = await look(`/repos/${repository.full_name}/${path}`);
    if (typeof shown.id !== "number") throw new HttpError(404, "Not Found");
    const payload = {
      action: "rerequested",
      [event]: shown,
      repository: showRepository(db, identity, repository, baseUrl),
      sender: showUser(actingUser(db, identity), baseUrl),
    };
    sender.emit(event, "rerequested", payload, repository.full_name.split("/")[0] ?? "", repository);
    return context.json({}, 201);
  };
  router.post("/repos/:owner/:repo/check-runs/:id{\\d+}/rerequest", (context) =>
    tell(context, "check_run", `check-runs/${context.req.param("id")}`),
  );
  router.post("/repos/:owner/:repo/check-suites/:id{\\d+}/rerequest", (context) =>
    tell(context, "check_suite", `check-suites/${context.req.param("id")}`),
  );
}

/** Check runs belong to the App that made them: rules ask for it, and GitHub takes them from Apps only. */
export function addChecks(front: RouteParts): void {
  const { router, db, store, directoryOf } = front;
  addRerequests(front);

  // The emulator has a field for the App but never fills it in.
  store.guard("github.check_runs", ({ before, after }) => {
    const app = requestState.getStore()?.identity?.installation?.appId;
    if (before === undefined && after !== undefined && app !== undefined)
      Object.assign(after, { app_id: app });
  });

  const withApp = (shown: Record<string, unknown>): Record<string, unknown> => {
    const run = typeof shown.id === "number" ? db.checkRuns.get(shown.id) : undefined;
    return withAppOf(shown, run?.app_id);
  };
  const withAppOf = (shown: Record<string, unknown>, id: number | null | undefined) => {
    const app = db.apps.all().find(({ app_id }) => app_id === id);
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
    const commit = text((await context.object()).head_sha) ?? "";
    const directory = directoryOf(repositoryOf(db, context).id);
    const known = /^[0-9a-f]{40}$/.test(commit)
      ? await git(directory, ["cat-file", "-e", `${commit}^{commit}`], { accept: [1, 128] })
      : undefined;
    if (known?.code !== 0) throw invalid(`No commit found for SHA: ${commit.slice(0, 40)}`);
    return extend(await next());
  });
  router.patch("/repos/:owner/:repo/check-runs/:id{\\d+}", async (_context, next) => extend(await next()));
  router.get("/repos/:owner/:repo/check-runs/:id{\\d+}", async (_context, next) => extend(await next()));
  // A suite is of one App; the emulator keeps one for each commit.
  router.get("/repos/:owner/:repo/check-suites/:id{\\d+}", async (_context, next) => {
    const reply = await next();
    if (reply === undefined || reply.status >= 300 || typeof reply.body !== "string") return reply;
    const shown = object(JSON.parse(reply.body));
    const [run] = db.checkRuns
      .all()
      .filter(({ check_suite_id, app_id }) => check_suite_id === shown.id && typeof app_id === "number");
    return { ...reply, body: JSON.stringify(withAppOf(shown, run?.app_id)) };
  });
  router.get("/repos/:owner/:repo/commits/:ref{.+}/check-runs", async (_context, next) =>
    extend(await next()),
  );
}
