import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { join } from "node:path";
import { Tokens } from "./auth.ts";
import { BareRepositories } from "./git/bare.ts";
import { installHook } from "./git/hook.ts";
import { requireGit } from "./git/run.ts";
import { GitSync } from "./git/sync.ts";
import { loadPlugin } from "./host/plugin.ts";
import { Context, Router } from "./host/router.ts";
import { type Tables, tables } from "./host/rows.ts";
import { Store } from "./host/store.ts";
import { Locks } from "./locks.ts";
import { Persistence } from "./persistence.ts";
import { addRoutes } from "./routes/all.ts";
import { Enforcement } from "./rules/enforce.ts";
import { type GitHubDescription, seed } from "./seed.ts";
import { Deliveries } from "./webhooks/deliveries.ts";
import { WebhookSender } from "./webhooks/sender.ts";

/** Everything that serves one GitHub: its parts know each other through this. */
export interface Front {
  readonly baseUrl: string;
  readonly state: string;
  readonly store: Store;
  readonly db: Tables;
  readonly tokens: Tokens;
  readonly router: Router;
  readonly sync: GitSync;
  readonly rules: Enforcement;
  readonly sender: WebhookSender;
  readonly persistence: Persistence;
  readonly locks: Locks;
  readonly description: GitHubDescription;
  readonly directoryOf: (repository: number) => string;
  /** What the API shows an owner at a path. */
  readonly look: (path: string) => Promise<Record<string, unknown>>;
}

/** Puts the parts together and restores what the state folder has; nothing listens yet. */
export async function createFront(state: string, baseUrl: string, organization: string): Promise<Front> {
  requireGit();
  const plugin = await loadPlugin();
  const store = new Store();
  // The parts below need each other: none of these functions is called before all are there.
  let known: Tables | undefined;
  const db = () => {
    known ??= tables(store);
    return known;
  };
  const tokens: Tokens = new Tokens(() => persistence.tokenChanged());
  const persistence: Persistence = new Persistence(join(state, "store"), store, () => tokens);
  const bare = new BareRepositories(join(state, "repositories"), installHook(state));
  const sync = new GitSync(store, db, bare, persistence);
  const sender = new WebhookSender(db(), new Deliveries(join(state, "deliveries.jsonl")), () =>
    persistence.flush(),
  );
  const directoryOf = (repository: number) => sync.directoryOf(repository);
  const rules = new Enforcement(store, db(), directoryOf);
  sync.guardRefs((repository, ref, before, after) => rules.guard(repository, ref, before, after));
  const router = new Router();
  const parts = { baseUrl, state, store, db: db(), tokens, router, sync, rules, sender, persistence };
  const look = async (path: string): Promise<Record<string, unknown>> => {
    const context = new Context(new IncomingMessage(new Socket()), "GET", new URL(path, baseUrl));
    context.set("authUser", { login: "maintainer", id: 0, scopes: [] });
    const reply = await router.handle(context);
    return typeof reply.body === "string" ? JSON.parse(reply.body) : {};
  };
  const front = { ...parts, locks: new Locks(), directoryOf, look };
  addRoutes(front);
  plugin.register(router, store, sender, baseUrl, tokens);
  const restored = persistence.restore();
  if (restored && db().organizations.findOneBy("login", organization) === undefined) {
    throw new Error(
      `the state in ${state} is of another organization: start with that one, or with another folder`,
    );
  }
  const description = seed({ plugin, store, db: db(), tokens, state, baseUrl, organization, restored });
  if (restored) sync.reconcile();
  persistence.compact();
  return { ...front, description };
}
