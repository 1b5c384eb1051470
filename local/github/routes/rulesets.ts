import { actorOf } from "../access.ts";
import { type Context, HttpError } from "../host/router.ts";
import { nodeId, type Repository } from "../host/rows.ts";
import { type Ruleset, rulesetsTable } from "../rules/enforce.ts";
import { applicable, bypasses } from "../rules/evaluate.ts";
import { problems, RulesetChange, RulesetInput } from "../rules/schema.ts";
import type { RouteParts } from "./all.ts";
import { identityOf, invalid, page, repositoryOf } from "./support.ts";

export function addRulesets(front: RouteParts): void {
  const { router, db, store, baseUrl } = front;
  const table = rulesetsTable(store);
  const root = "/repos/:owner/:repo/rulesets";

  const summary = (ruleset: Ruleset, repository: Repository) => ({
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: "Repository",
    source: repository.full_name,
    enforcement: ruleset.enforcement,
    node_id: ruleset.node_id,
    _links: {
      self: { href: `${baseUrl}/repos/${repository.full_name}/rulesets/${ruleset.id}` },
      html: { href: `${baseUrl}/${repository.full_name}/rules/${ruleset.id}` },
    },
    created_at: ruleset.created_at,
    updated_at: ruleset.updated_at,
  });
  const full = (context: Context, ruleset: Ruleset, repository: Repository) => {
    const identity = identityOf(context);
    const actor = actorOf(db, identity, repository);
    const always = bypasses(ruleset.bypass_actors, actor, false);
    const merging = bypasses(ruleset.bypass_actors, actor, true);
    // GitHub shows who may bypass only to those who may write the ruleset.
    const shown = actor.level === "admin" ? { bypass_actors: ruleset.bypass_actors } : {};
    return {
      ...summary(ruleset, repository),
      ...shown,
      conditions: ruleset.conditions,
      rules: ruleset.rules,
      current_user_can_bypass: always ? "always" : merging ? "pull_requests_only" : "never",
    };
  };
  const find = (context: Context, repository: Repository): Ruleset => {
    const found = table.get(Number(context.req.param("id")));
    if (found === undefined || found.repo_id !== repository.id) throw new HttpError(404, "Not Found");
    return found;
  };
  const refuseTwice = (repository: Repository, name: string, except?: number) => {
    const taken = table
      .findBy("repo_id", repository.id)
      .some((row) => row.name === name && row.id !== except);
    if (taken) throw invalid("Validation Failed", [`Name must be unique: found ${name} twice`]);
  };
  const checked = <T>(
    result: { success: true; data: T } | { success: false; error: Parameters<typeof problems>[0] },
    body: unknown,
  ): T => {
    if (result.success) return result.data;
    throw invalid("Validation Failed", problems(result.error, body));
  };

  router.get(root, (context) => {
    const repository = repositoryOf(db, context);
    const targets = context.req.query("targets")?.split(",");
    const rows = table
      .findBy("repo_id", repository.id)
      .filter(({ target }) => targets === undefined || targets.includes(target));
    return context.json(page(context, rows).map((row) => summary(row, repository)));
  });

  router.post(root, async (context) => {
    const repository = repositoryOf(db, context);
    const body = await context.object();
    const input = checked(RulesetInput.safeParse(body), body);
    refuseTwice(repository, input.name);
    const id = table.nextId();
    const ruleset = table.insert({ ...input, repo_id: repository.id, node_id: nodeId("Ruleset", id) });
    return context.json(full(context, ruleset, repository), 201);
  });

  router.get(`${root}/:id{\\d+}`, (context) => {
    const repository = repositoryOf(db, context);
    return context.json(full(context, find(context, repository), repository));
  });

  router.put(`${root}/:id{\\d+}`, async (context) => {
    const repository = repositoryOf(db, context);
    const ruleset = find(context, repository);
    const body = await context.object();
    const change = checked(RulesetChange.safeParse(body), body);
    if (change.name !== undefined) refuseTwice(repository, change.name, ruleset.id);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    return context.json(full(context, table.update(ruleset.id, given) ?? ruleset, repository));
  });

  router.delete(`${root}/:id{\\d+}`, (context) => {
    table.delete(find(context, repositoryOf(db, context)).id);
    return context.body(null, 204);
  });

  router.get("/repos/:owner/:repo/rules/branches/:branch{.+}", (context) => {
    const repository = repositoryOf(db, context);
    const rows = table.findBy("repo_id", repository.id).filter(({ enforcement }) => enforcement === "active");
    const ref = `refs/heads/${context.req.param("branch")}`;
    const rules = applicable(rows, ref, repository.default_branch).flatMap((ruleset) =>
      ruleset.rules.map((rule) => ({
        ...rule,
        ruleset_source_type: "Repository",
        ruleset_source: repository.full_name,
        ruleset_id: ruleset.id,
      })),
    );
    return context.json(page(context, rules));
  });
}
