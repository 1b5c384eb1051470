import { createHmac, randomUUID } from "node:crypto";
import type { EventSink } from "../host/plugin.ts";
import { findRepository, nodeId, type Repository, type Tables, type Webhook } from "../host/rows.ts";
import type { Deliveries, Delivery } from "./deliveries.ts";
import { post } from "./send.ts";

/** What a hook gets, as GitHub signs and names it. */
export function deliveryHeaders(
  hook: Pick<Webhook, "id" | "config" | "repo_id" | "org_id">,
  event: string,
  guid: string,
  body: string,
): Record<string, string> {
  const { secret, content_type } = hook.config;
  const sign = (algorithm: string) =>
    createHmac(algorithm, secret ?? "")
      .update(body)
      .digest("hex");
  return {
    Accept: "*/*",
    "Content-Type": content_type === "json" ? "application/json" : "application/x-www-form-urlencoded",
    "User-Agent": "GitHub-Hookshot/local",
    "X-GitHub-Delivery": guid,
    "X-GitHub-Event": event,
    "X-GitHub-Hook-ID": String(hook.id),
    "X-GitHub-Hook-Installation-Target-ID": String(hook.repo_id ?? hook.org_id ?? 0),
    "X-GitHub-Hook-Installation-Target-Type": hook.repo_id === null ? "organization" : "repository",
    ...(secret === undefined || secret === ""
      ? {}
      : {
          "X-Hub-Signature": `sha1=${sign("sha1")}`,
          "X-Hub-Signature-256": `sha256=${sign("sha256")}`,
        }),
  };
}

export function deliveryBody(hook: Pick<Webhook, "config">, payload: unknown): string {
  const json = JSON.stringify(payload);
  return hook.config.content_type === "json" ? json : new URLSearchParams({ payload: json }).toString();
}

/** Signatures are kept with a delivery, as GitHub shows them: the delivery list needs administration rights. */
interface Sending {
  readonly hook: Webhook;
  readonly event: string;
  readonly action: string | undefined;
  readonly payload: unknown;
  readonly guid: string;
  readonly redelivery: boolean;
}

/** The front makes these events itself: the emulator's have half of the fields, or are sent too early. */
const FROM_REFS = new Set(["push", "create", "delete"]);

/** Sends events to the hooks that want them, in the background: no request ever waits for a receiver. */
export class WebhookSender implements EventSink {
  constructor(
    private readonly db: Tables,
    readonly deliveries: Deliveries,
    private readonly settled: () => void,
  ) {}

  async dispatch(
    event: string,
    action: string | undefined,
    payload: unknown,
    owner: string,
    repository?: string,
  ): Promise<void> {
    // The emulator's ping goes to all hooks of a repository; the front's route pings the one that was asked for.
    if (FROM_REFS.has(event) || event === "ping" || (event === "pull_request" && action === "opened")) return;
    const row = repository === undefined ? undefined : findRepository(this.db, owner, repository);
    this.emit(event, action, payload, owner, row);
  }

  /** Sends an event to all active hooks of the repository and its organization that subscribe to it. */
  emit(
    event: string,
    action: string | undefined,
    payload: unknown,
    owner: string,
    repository: Repository | undefined,
  ): void {
    const organization = this.db.organizations.findOneBy("login", owner);
    const hooks = this.db.webhooks
      .all()
      .filter(({ repo_id, org_id }) =>
        repo_id === null ? org_id === organization?.id : repo_id === repository?.id,
      )
      .filter(({ active, events }) => active && (events.includes("*") || events.includes(event)));
    if (hooks.length === 0) return;
    const enriched = this.enrich(payload, owner, repository);
    const guid = randomUUID();
    for (const hook of hooks) {
      this.start({ hook, event, action, payload: enriched, guid, redelivery: false });
    }
  }

  ping(hook: Webhook, payload: unknown): void {
    this.start({ hook, event: "ping", action: undefined, payload, guid: randomUUID(), redelivery: false });
  }

  redeliver(hook: Webhook, delivery: Delivery): void {
    const { event, action, guid, request } = delivery;
    this.start({
      hook,
      event,
      action: action ?? undefined,
      payload: request.payload,
      guid,
      redelivery: true,
    });
  }

  register(): undefined {
    return undefined;
  }

  unregister(): boolean {
    return true;
  }

  updateSubscription(): undefined {
    return undefined;
  }

  getDeliveries(): unknown[] {
    return [];
  }

  private enrich(payload: unknown, owner: string, repository: Repository | undefined): unknown {
    if (typeof payload !== "object" || payload === null) return payload;
    const about: unknown = Reflect.get(payload, "pull_request") ?? Reflect.get(payload, "issue");
    const number =
      typeof about === "object" && about !== null ? { number: Reflect.get(about, "number") } : {};
    const installation = this.db.installations
      .all()
      .find(
        ({ account_login, repository_selection, repository_ids }) =>
          account_login === owner &&
          (repository_selection === "all" ||
            repository === undefined ||
            repository_ids.includes(repository.id)),
      );
    const organization = this.db.organizations.findOneBy("login", owner);
    return {
      ...number,
      ...payload,
      ...(organization === undefined
        ? {}
        : {
            organization: { login: organization.login, id: organization.id, node_id: organization.node_id },
          }),
      ...(installation === undefined
        ? {}
        : {
            installation: {
              id: installation.installation_id,
              node_id: nodeId("Installation", installation.installation_id),
            },
          }),
    };
  }

  private start(sending: Sending): void {
    // A delivery that cannot even be recorded is a fault of this process; the request that caused it is not.
    this.send(sending).catch((error: unknown) => console.error(error));
  }

  private async send({ hook, event, action, payload, guid, redelivery }: Sending): Promise<void> {
    const body = deliveryBody(hook, payload);
    const headers = deliveryHeaders(hook, event, guid, body);
    const deliveredAt = new Date().toISOString();
    const id = this.deliveries.nextId();
    const answer = await post(hook.config.url, headers, body);
    this.deliveries.add({
      id,
      guid,
      hookId: hook.id,
      event,
      action: action ?? null,
      redelivery,
      deliveredAt,
      duration: answer.duration,
      status: answer.status,
      statusCode: answer.statusCode,
      request: { headers, payload },
      response: { headers: answer.headers, payload: answer.payload },
    });
    const ok = answer.statusCode >= 200 && answer.statusCode < 300;
    this.db.webhooks.update(hook.id, {
      last_response: { code: answer.statusCode, status: ok ? "active" : "failed", message: answer.status },
    });
    this.settled();
  }
}
