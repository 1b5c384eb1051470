import { type Context, HttpError } from "../host/router.ts";
import type { Webhook } from "../host/rows.ts";
import { actingUser } from "../push.ts";
import { showRepository, showUser } from "../show.ts";
import type { Delivery } from "../webhooks/deliveries.ts";
import type { RouteParts } from "./all.ts";
import { identityOf, invalid, page, repositoryOf, text } from "./support.ts";

const SECRET_SHOWN = "********";

function insecure(value: unknown): string {
  return value === "1" || value === 1 || value === true ? "1" : "0";
}

/** A hook's configuration after a change: what is missing in the change stays. */
export function mergeConfig(change: Record<string, unknown>, current?: Webhook["config"]): Webhook["config"] {
  const url = text(change.url) ?? current?.url;
  if (url === undefined || !URL.canParse(url)) {
    throw invalid("Validation Failed", [
      { resource: "Hook", field: "url", code: "custom", message: "url is not a valid URL" },
    ]);
  }
  const content_type = text(change.content_type) ?? current?.content_type ?? "form";
  if (content_type !== "json" && content_type !== "form") {
    throw invalid("Validation Failed", [
      {
        resource: "Hook",
        field: "content_type",
        code: "custom",
        message: `content_type: found ${content_type}; expected json or form`,
      },
    ]);
  }
  // Terraform's provider sends back what it was shown.
  const secret =
    change.secret === SECRET_SHOWN
      ? current?.secret
      : (text(change.secret) ?? (change.secret === undefined ? current?.secret : undefined));
  return {
    url,
    content_type,
    insecure_ssl:
      change.insecure_ssl === undefined ? (current?.insecure_ssl ?? "0") : insecure(change.insecure_ssl),
    ...(secret === undefined ? {} : { secret }),
  };
}

function showConfig({ config }: Webhook) {
  const { secret, ...shown } = config;
  return { ...shown, ...(secret === undefined ? {} : { secret: SECRET_SHOWN }) };
}

function strings(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : undefined;
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function addHooks(front: RouteParts): void {
  const { router, db, sender, baseUrl } = front;
  const root = "/repos/:owner/:repo/hooks";

  const show = (context: Context, hook: Webhook) => {
    const url = `${baseUrl}/repos/${repositoryOf(db, context).full_name}/hooks/${hook.id}`;
    return {
      type: "Repository",
      id: hook.id,
      name: "web",
      active: hook.active,
      events: hook.events,
      config: showConfig(hook),
      updated_at: hook.updated_at,
      created_at: hook.created_at,
      url,
      test_url: `${url}/test`,
      ping_url: `${url}/pings`,
      deliveries_url: `${url}/deliveries`,
      last_response: hook.last_response,
    };
  };
  const find = (context: Context): Webhook => {
    const hook = db.webhooks.get(Number(context.req.param("hook")));
    if (hook === undefined || hook.repo_id !== repositoryOf(db, context).id)
      throw new HttpError(404, "Not Found");
    return hook;
  };
  const ping = (context: Context, hook: Webhook) => {
    const identity = identityOf(context);
    sender.ping(hook, {
      zen: "Keep it logically awesome.",
      hook_id: hook.id,
      hook: show(context, hook),
      repository: showRepository(db, identity, repositoryOf(db, context), baseUrl),
      sender: showUser(actingUser(db, identity), baseUrl),
    });
  };

  router.get(root, (context) => {
    const hooks = db.webhooks.findBy("repo_id", repositoryOf(db, context).id);
    return context.json(page(context, hooks).map((hook) => show(context, hook)));
  });

  router.post(root, async (context) => {
    const body = await context.object();
    const repository = repositoryOf(db, context);
    const config = mergeConfig(object(body.config));
    const events = strings(body.events) ?? ["push"];
    const same = db.webhooks
      .findBy("repo_id", repository.id)
      .some(
        (hook) =>
          hook.config.url === config.url && [...hook.events].sort().join() === [...events].sort().join(),
      );
    if (same) {
      throw invalid("Validation Failed", [
        { resource: "Hook", code: "custom", message: "Hook already exists on this repository" },
      ]);
    }
    const hook = db.webhooks.insert({
      repo_id: repository.id,
      org_id: null,
      name: "web",
      active: body.active !== false,
      events,
      config,
      last_response: { code: null, status: "unused", message: null },
    });
    if (hook.active) ping(context, hook);
    return context.json(show(context, hook), 201);
  });

  router.get(`${root}/:hook{\\d+}`, (context) => context.json(show(context, find(context))));

  router.patch(`${root}/:hook{\\d+}`, async (context) => {
    const hook = find(context);
    const body = await context.object();
    const events = new Set(strings(body.events) ?? hook.events);
    for (const event of strings(body.add_events) ?? []) events.add(event);
    for (const event of strings(body.remove_events) ?? []) events.delete(event);
    const updated = db.webhooks.update(hook.id, {
      active: typeof body.active === "boolean" ? body.active : hook.active,
      events: [...events],
      // A `config` replaces the old one, but for the secret that clients cannot read.
      config: body.config === undefined ? hook.config : mergeConfig(object(body.config), hook.config),
    });
    return context.json(show(context, updated ?? hook));
  });

  router.get(`${root}/:hook{\\d+}/config`, (context) => context.json(showConfig(find(context))));

  router.patch(`${root}/:hook{\\d+}/config`, async (context) => {
    const hook = find(context);
    const config = mergeConfig(await context.object(), hook.config);
    return context.json(showConfig(db.webhooks.update(hook.id, { config }) ?? hook));
  });

  router.delete(`${root}/:hook{\\d+}`, (context) => {
    db.webhooks.delete(find(context).id);
    return context.body(null, 204);
  });

  router.post(`${root}/:hook{\\d+}/pings`, (context) => {
    ping(context, find(context));
    return context.body(null, 204);
  });

  const showDelivery = (delivery: Delivery, repository: number) => ({
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: Math.round(delivery.duration * 100) / 100,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: null,
    repository_id: repository,
    throttled_at: null,
  });
  const findDelivery = (context: Context, hook: Webhook): Delivery => {
    const id = Number(context.req.param("delivery"));
    const found = sender.deliveries.of(hook.id).find((delivery) => delivery.id === id);
    if (found === undefined) throw new HttpError(404, "Not Found");
    return found;
  };

  router.get(`${root}/:hook{\\d+}/deliveries`, (context) => {
    const deliveries = sender.deliveries.of(find(context).id);
    const size = Math.min(100, Number(context.req.query("per_page") ?? 30) || 30);
    // GitHub pages deliveries by a cursor, not by number.
    const cursor = Number(context.req.query("cursor") ?? Number.POSITIVE_INFINITY);
    const rest = deliveries.filter(({ id }) => id <= cursor);
    const next = rest[size];
    if (next !== undefined) {
      const url = new URL(context.url);
      url.searchParams.set("cursor", String(next.id));
      context.header("Link", `<${url.href}>; rel="next"`);
    }
    const repository = repositoryOf(db, context).id;
    return context.json(rest.slice(0, size).map((delivery) => showDelivery(delivery, repository)));
  });

  router.get(`${root}/:hook{\\d+}/deliveries/:delivery{\\d+}`, (context) => {
    const hook = find(context);
    const delivery = findDelivery(context, hook);
    return context.json({
      ...showDelivery(delivery, repositoryOf(db, context).id),
      url: hook.config.url,
      request: delivery.request,
      response: delivery.response,
    });
  });

  router.post(`${root}/:hook{\\d+}/deliveries/:delivery{\\d+}/attempts`, (context) => {
    const hook = find(context);
    sender.redeliver(hook, findDelivery(context, hook));
    return context.json({}, 202);
  });
}
