import { requestState } from "../context.ts";
import { type Context, HttpError, type Next, type Reply } from "../host/router.ts";
import { findRepository, type Repository } from "../host/rows.ts";
import { rulesetsTable } from "../rules/enforce.ts";
import { repositoryExtras, SETTINGS } from "../show.ts";
import type { RouteParts } from "./all.ts";
import { checkName } from "./new-repository.ts";
import { identityOf, invalid, repositoryOf, requireIdentity } from "./support.ts";

/** Fields of the emulator's rows that its route for a new repository ignores. */
const IGNORED_AT_CREATION = [
  "allow_auto_merge",
  "is_template",
  "has_discussions",
  "has_downloads",
  "allow_forking",
];

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The settings that a request changes, merged over those that a repository has. */
export function mergeSettings(
  current: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = { ...current };
  for (const [name, standard] of Object.entries(SETTINGS)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    merged[name] =
      name === "security_and_analysis" ? { ...object(current[name] ?? standard), ...object(value) } : value;
  }
  return merged;
}

export function addRepositories(front: RouteParts): void {
  const { router, db, store, sync, baseUrl } = front;

  /** Adds to the emulator's answer what its rows do not have. */
  const extend = (context: Context, reply: Reply | undefined): Reply | undefined => {
    if (reply === undefined || reply.status >= 300 || typeof reply.body !== "string") return reply;
    const shown = object(JSON.parse(reply.body));
    const row = typeof shown.id === "number" ? db.repositories.get(shown.id) : undefined;
    if (row === undefined) return reply;
    const parent = row.forked_from_id === null ? undefined : db.repositories.get(row.forked_from_id);
    const extras = {
      ...repositoryExtras(db, identityOf(context), row, baseUrl),
      ...(parent === undefined
        ? {}
        : { parent: { id: parent.id, full_name: parent.full_name, name: parent.name } }),
    };
    return { ...reply, body: JSON.stringify({ ...shown, ...extras }) };
  };

  /** Keeps the settings that the emulator's route did not. */
  const keep = (repository: Repository | undefined, body: Record<string, unknown>, created: boolean) => {
    if (repository === undefined) return;
    const visibility = body.visibility;
    db.repositories.update(repository.id, {
      settings: mergeSettings(repository.settings ?? {}, body),
      ...(created
        ? Object.fromEntries(
            IGNORED_AT_CREATION.filter((name) => typeof body[name] === "boolean").map((name) => [
              name,
              body[name],
            ]),
          )
        : {}),
      ...(visibility === "public" || visibility === "private" || visibility === "internal"
        ? { visibility, private: visibility !== "public" }
        : {}),
      ...(Array.isArray(body.topics) ? { topics: body.topics.map(String) } : {}),
    });
  };

  const create = (ownerOf: (context: Context) => string) => async (context: Context, next: Next) => {
    const body = await context.object();
    const owner = ownerOf(context);
    requireIdentity(context);
    checkName(String(body.name ?? ""));
    if (findRepository(db, owner, String(body.name ?? "")) !== undefined) {
      throw invalid("Repository creation failed.", [
        {
          resource: "Repository",
          code: "custom",
          field: "name",
          message: "name already exists on this account",
        },
      ]);
    }
    const reply = await next();
    keep(findRepository(db, owner, String(body.name ?? "").trim()), body, true);
    return extend(context, reply === undefined ? reply : refreshed(reply));
  };
  /** The emulator's answer was made before the settings were kept. */
  const refreshed = (reply: Reply): Reply => {
    if (typeof reply.body !== "string" || reply.status >= 300) return reply;
    const shown = object(JSON.parse(reply.body));
    const row = typeof shown.id === "number" ? db.repositories.get(shown.id) : undefined;
    if (row === undefined) return reply;
    const current = Object.fromEntries(
      Object.keys(shown)
        .filter((name) => name in row)
        .map((name) => [name, Reflect.get(row, name)]),
    );
    return { ...reply, body: JSON.stringify({ ...shown, ...current }) };
  };

  router.post(
    "/orgs/:org/repos",
    create((context) => context.req.param("org")),
  );
  router.post(
    "/user/repos",
    create((context) => identityOf(context)?.login ?? ""),
  );

  router.get("/repos/:owner/:repo", async (context, next) => extend(context, await next()));
  router.get("/repositories/:id", async (context, next) => extend(context, await next()));

  router.patch("/repos/:owner/:repo", async (context, next) => {
    const repository = repositoryOf(db, context);
    const body = await context.object();
    if (repository.archived && body.archived !== false) {
      throw new HttpError(403, "Repository was archived so is read-only.");
    }
    if (typeof body.name === "string") checkName(body.name);
    const branch = body.default_branch;
    const branches = db.branches.findBy("repo_id", repository.id).map(({ name }) => name);
    if (
      typeof branch === "string" &&
      branch !== repository.default_branch &&
      branches.length > 0 &&
      !branches.includes(branch)
    ) {
      throw invalid("Validation Failed", [
        {
          resource: "Repository",
          field: "default_branch",
          code: "invalid",
          message: `The branch ${branch} was not found.`,
        },
      ]);
    }
    const reply = await next();
    keep(db.repositories.get(repository.id), body, false);
    return extend(context, reply === undefined ? reply : refreshed(reply));
  });

  router.delete("/repos/:owner/:repo", async (context, next) => {
    const { id } = repositoryOf(db, context);
    const state = requestState.getStore();
    if (state !== undefined) state.deletingRepository = id;
    const reply = await next();
    for (const row of rulesetsTable(store).findBy("repo_id", id)) rulesetsTable(store).delete(row.id);
    for (const row of db.teamRepositories.findBy("repo_id", id)) db.teamRepositories.delete(row.id);
    sync.content.forget(id);
    return reply;
  });

  const alerts = "/repos/:owner/:repo/vulnerability-alerts";
  const setting = (context: Context, name: string, value: boolean) => {
    const repository = repositoryOf(db, context);
    db.repositories.update(repository.id, { settings: { ...repository.settings, [name]: value } });
    return context.body(null, 204);
  };
  router.get(alerts, (context) => {
    if (repositoryOf(db, context).settings?.vulnerability_alerts !== true) {
      throw new HttpError(404, "Vulnerability alerts are disabled.");
    }
    return context.body(null, 204);
  });
  router.put(alerts, (context) => setting(context, "vulnerability_alerts", true));
  router.delete(alerts, (context) => setting(context, "vulnerability_alerts", false));
}
