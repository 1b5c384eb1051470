import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tokens } from "./auth.ts";
import type { GitHubPlugin } from "./host/plugin.ts";
import { nodeId, type Tables, type Team } from "./host/rows.ts";
import type { Store } from "./host/store.ts";
import { writeAtomically } from "./persistence.ts";

/** What `<state>/github.json` holds: how to reach this GitHub and as whom. */
export interface GitHubDescription {
  readonly baseUrl: string;
  /** Of `maintainer`, an owner of the organization. */
  readonly token: string;
  /** Of `contributor`, who is in no team: for forks. */
  readonly contributorToken: string;
  /**
   * Of the App's installation, for the engine. GitHub's own end after an hour; this one stays, since the engine
   * would see a change in every new one.
   */
  readonly automationToken: string;
  readonly organization: string;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly installationId: number;
    /** RSA key in PKCS #1 PEM, as GitHub gives it. */
    readonly privateKeyFile: string;
  };
}

const APP = { id: 1001, slug: "hypriotos-pipeline", installationId: 5001 };
const PERMISSIONS = {
  administration: "write",
  checks: "write",
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  repository_hooks: "write",
  statuses: "write",
};
const EVENTS = ["check_run", "check_suite", "create", "delete", "pull_request", "push", "release"];
const SCOPES = ["repo", "user", "admin:org", "admin:repo_hook", "delete_repo"];

const newToken = (kind: "ghp" | "ghs") =>
  `${kind}_${randomBytes(27).toString("base64url").replace(/[-_]/g, "0")}`;
const NEVER = "9999-12-31T23:59:59.999Z";

function seedTeam(
  db: Tables,
  organization: number,
  name: string,
  permission: string,
  members: readonly string[],
): void {
  const now = { description: null, privacy: "closed", parent_id: null, repos_count: 0 };
  const fields: Omit<Team, "id" | "created_at" | "updated_at"> = {
    ...now,
    org_id: organization,
    name,
    slug: name,
    permission,
    node_id: "",
    members_count: members.length,
  };
  const team = db.teams.insert(fields);
  db.teams.update(team.id, { node_id: nodeId("Team", team.id) });
  for (const login of members) {
    const user = db.users.findOneBy("login", login);
    if (user !== undefined) db.teamMembers.insert({ team_id: team.id, user_id: user.id, role: "member" });
  }
}

function readDescription(file: string): GitHubDescription | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

type Secrets = Pick<GitHubDescription, "token" | "contributorToken" | "automationToken">;

/** Fills an empty store: users, organization, teams, the App and its installation, tokens. */
function fill(
  plugin: GitHubPlugin,
  store: Store,
  db: Tables,
  tokens: Tokens,
  baseUrl: string,
  organization: string,
  privateKey: string,
): Secrets {
  plugin.seed(store, baseUrl);
  plugin.seedFromConfig(store, baseUrl, {
    users: [
      { login: "maintainer", name: "Maintainer", email: "maintainer@localhost" },
      { login: "contributor", name: "Contributor", email: "contributor@localhost" },
    ],
    orgs: [{ login: organization, name: organization, members: [{ login: "maintainer", role: "admin" }] }],
    apps: [
      {
        app_id: APP.id,
        slug: APP.slug,
        name: "HypriotOS pipeline",
        private_key: privateKey,
        permissions: PERMISSIONS,
        events: EVENTS,
        installations: [
          { installation_id: APP.installationId, account: organization, repository_selection: "all" },
        ],
      },
    ],
  });
  const owner = db.organizations.findOneBy("login", organization);
  seedTeam(db, owner?.id ?? 0, "maintainers", "push", ["maintainer"]);
  seedTeam(db, owner?.id ?? 0, "contributors", "pull", []);
  const issue = (login: string) => {
    const token = newToken("ghp");
    tokens.set(token, { login, id: db.users.findOneBy("login", login)?.id ?? 0, scopes: SCOPES });
    return token;
  };
  const automationToken = newToken("ghs");
  tokens.set(automationToken, {
    login: organization,
    id: owner?.id ?? 0,
    scopes: [],
    installation: {
      installationId: APP.installationId,
      appId: APP.id,
      accountId: owner?.id ?? 0,
      accountType: "Organization",
      permissions: PERMISSIONS,
      repositoryIds: [],
      repositorySelection: "all",
    },
    expiresAt: NEVER,
  });
  return { token: issue("maintainer"), contributorToken: issue("contributor"), automationToken };
}

export interface SeedOptions {
  readonly plugin: GitHubPlugin;
  readonly store: Store;
  readonly db: Tables;
  readonly tokens: Tokens;
  readonly state: string;
  readonly baseUrl: string;
  readonly organization: string;
  /** False at a first start. */
  readonly restored: boolean;
}

/** Makes what a first start needs, and writes `<state>/github.json` and `<state>/app.pem` (mode 600) at each. */
export function seed(options: SeedOptions): GitHubDescription {
  const { plugin, store, db, tokens, state, baseUrl, organization, restored } = options;
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const file = join(state, "github.json");
  const privateKeyFile = join(state, "app.pem");
  let secrets: Secrets;
  if (restored) {
    const tokenOf = (login: string) =>
      [...tokens].find(([token, identity]) => identity.login === login && token.startsWith("ghp_"))?.[0] ??
      "";
    const known = readDescription(file);
    secrets = {
      token: known?.token ?? tokenOf("maintainer"),
      contributorToken: known?.contributorToken ?? tokenOf("contributor"),
      automationToken:
        known?.automationToken ?? [...tokens].find(([, { expiresAt }]) => expiresAt === NEVER)?.[0] ?? "",
    };
  } else {
    const key = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    secrets = fill(plugin, store, db, tokens, baseUrl, organization, key.privateKey);
  }
  const app = db.apps.findOneBy("slug", APP.slug);
  writeAtomically(privateKeyFile, app?.private_key ?? "");
  const description: GitHubDescription = {
    baseUrl,
    ...secrets,
    organization,
    app: { ...APP, privateKeyFile },
  };
  writeAtomically(file, `${JSON.stringify(description, null, 2)}\n`);
  return description;
}
