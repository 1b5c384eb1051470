import type { Identity } from "./auth.ts";
import type { RefChange } from "./context.ts";
import type { Front } from "./front.ts";
import { isAncestor } from "./git/compare.ts";
import { git } from "./git/run.ts";
import type { Repository, Tables, User } from "./host/rows.ts";
import { showRepository, showUser } from "./show.ts";
import {
  LOG_FORMAT,
  type LoggedCommit,
  type Parties,
  parseLog,
  pushPayload,
  refPayload,
} from "./webhooks/payload.ts";

const LISTED_COMMITS = 2048;

/** The user that a token acts as: an App's installation acts as the App's bot. */
export function actingUser(db: Tables, identity: Identity | undefined): User {
  const app = db.apps.all().find(({ app_id }) => app_id === identity?.installation?.appId);
  const login = app === undefined ? (identity?.login ?? "ghost") : `${app.slug}[bot]`;
  const now = new Date().toISOString();
  return (
    db.users.findOneBy("login", login) ?? {
      id: app?.app_id ?? 0,
      login,
      node_id: "",
      name: app?.name ?? login,
      email: `${login}@users.noreply.github.com`,
      type: app === undefined ? "User" : "Bot",
      site_admin: false,
      created_at: now,
      updated_at: now,
    }
  );
}

async function log(directory: string, args: readonly string[]): Promise<LoggedCommit[]> {
  const format = [
    "log",
    "-z",
    "--no-renames",
    "--name-status",
    "--diff-merges=first-parent",
    `--format=${LOG_FORMAT}`,
  ];
  // A tag can point to something without a history: that is no error, and has no commits.
  const { stdout } = await git(directory, [...format, ...args], { accept: [128] });
  return parseLog(stdout.toString("utf8"));
}

/** GitHub's limits: of a push that changes more than these, the hooks hear nothing about tags, or about branches. */
const ANNOUNCED = { tags: 3, branches: 5000 };

/** The changes of one push that the hooks are told about. */
export function announced<Change extends Pick<RefChange, "ref">>(changes: readonly Change[]): Change[] {
  const tags = changes.filter(({ ref }) => ref.startsWith("refs/tags/"));
  const branches = changes.filter(({ ref }) => ref.startsWith("refs/heads/"));
  return [
    ...(branches.length > ANNOUNCED.branches ? [] : branches),
    ...(tags.length > ANNOUNCED.tags ? [] : tags),
  ];
}

/**
 * Tells the hooks about refs that were changed, by git or over REST: `push` for each, `create` and `delete` where
 * a ref is new or gone. `known` are the ids that refs had before, so that a new branch lists only new commits.
 */
export async function announce(
  front: Pick<Front, "db" | "sender" | "baseUrl" | "directoryOf">,
  repository: Repository,
  identity: Identity | undefined,
  changes: readonly Omit<RefChange, "repository">[],
  known: readonly string[],
): Promise<void> {
  const { db, sender, baseUrl } = front;
  const user = actingUser(db, identity);
  const owner = repository.full_name.split("/")[0] ?? "";
  const parties: Parties = {
    baseUrl,
    repository,
    shown: showRepository(db, identity, repository, baseUrl),
    sender: showUser(user, baseUrl),
    pusher: user,
    loginOf: (email) =>
      db.users
        .all()
        .find((row) => row.email === email || email.endsWith(`${row.login}@users.noreply.github.com`))?.login,
  };
  const directory = front.directoryOf(repository.id);
  const listens = db.webhooks
    .all()
    .some((hook) => hook.active && (hook.repo_id === repository.id || hook.org_id !== null));
  if (!listens) return;
  for (const { ref, before, after } of announced(changes)) {
    const head = after === undefined ? undefined : (await log(directory, ["--max-count=1", after]))[0];
    const isBranch = ref.startsWith("refs/heads/");
    const listed =
      after === undefined || !isBranch
        ? []
        : await log(directory, [
            `--max-count=${LISTED_COMMITS}`,
            after,
            "--not",
            ...(before === undefined ? known : [before]),
          ]);
    const forced =
      before !== undefined && after !== undefined && !(await isAncestor(directory, before, after));
    const payload = pushPayload({ ref, before, after, forced, head, commits: listed.reverse() }, parties);
    if (before === undefined)
      sender.emit("create", undefined, refPayload(ref, parties, true), owner, repository);
    if (after === undefined)
      sender.emit("delete", undefined, refPayload(ref, parties, false), owner, repository);
    sender.emit("push", undefined, payload, owner, repository);
  }
}
