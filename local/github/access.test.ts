import { beforeEach, describe, expect, test } from "vitest";
import { actorOf, allowed, permissionLevel } from "./access.ts";
import type { Identity } from "./auth.ts";
import { type Repository, type Tables, tables } from "./host/rows.ts";
import { Store } from "./host/store.ts";

let db: Tables;
let repository: Repository;
let team: number;

const as = (login: string): Identity => ({ login, id: 0, scopes: [] });
const installation = (permissions: Record<string, string>, more: object = {}): Identity => ({
  ...as("hypriot"),
  installation: {
    installationId: 5,
    appId: 7,
    accountId: 1,
    accountType: "Organization",
    permissions,
    repositoryIds: [],
    repositorySelection: "all",
    ...more,
  },
});

beforeEach(() => {
  db = tables(new Store());
  const organization = db.organizations.insert({
    login: "hypriot",
    node_id: "",
    default_repository_permission: "read",
  });
  const user = (login: string) =>
    db.users.insert({ login, node_id: "", name: null, email: null, type: "User", site_admin: false }).id;
  const makeTeam = (slug: string, permission: string) =>
    db.teams.insert({
      org_id: organization.id,
      node_id: "",
      name: slug,
      slug,
      description: null,
      privacy: "closed",
      permission,
      parent_id: null,
      members_count: 0,
      repos_count: 0,
    }).id;
  const members = makeTeam("members", "pull");
  team = makeTeam("builders", "push");
  db.teamMembers.insert({ team_id: members, user_id: user("owner"), role: "maintainer" });
  const member = user("member");
  db.teamMembers.insert({ team_id: members, user_id: member, role: "member" });
  db.teamMembers.insert({ team_id: team, user_id: member, role: "member" });
  user("stranger");
  const collaborator = user("collaborator");
  repository = db.repositories.insert({
    name: "board",
    full_name: "hypriot/board",
    owner_id: organization.id,
    owner_type: "Organization",
    private: true,
  } as Parameters<Tables["repositories"]["insert"]>[0]);
  db.collaborators.insert({ repo_id: repository.id, user_id: collaborator, permission: "triage" });
});

describe("levels", () => {
  test("of people", () => {
    const level = (login: string) => permissionLevel(db, as(login), repository);
    expect(["owner", "member", "collaborator", "stranger", "nobody"].map(level)).toEqual([
      "admin",
      "read",
      "triage",
      "none",
      "none",
    ]);
    expect(permissionLevel(db, undefined, repository)).toBe("none");
    db.teamRepositories.insert({ team_id: team, repo_id: repository.id });
    expect(level("member")).toBe("write");
    const [link] = db.teamRepositories.findBy("team_id", team);
    db.teamRepositories.update(link?.id ?? 0, { permission: "maintain" });
    expect(level("member")).toBe("maintain");
  });

  test("of anybody, where the repository is public", () => {
    const open = { ...repository, private: false };
    expect(permissionLevel(db, undefined, open)).toBe("read");
    expect(permissionLevel(db, as("stranger"), open)).toBe("read");
  });

  test("of an installation, by its permissions and repositories", () => {
    const level = (permissions: Record<string, string>, more?: object) =>
      permissionLevel(db, installation(permissions, more), repository);
    expect(level({ contents: "write" })).toBe("write");
    expect(level({ contents: "read" })).toBe("read");
    expect(level({ checks: "write" })).toBe("none");
    expect(level({ administration: "write" })).toBe("admin");
    expect(level({ contents: "write" }, { accountId: 2 })).toBe("none");
    expect(level({ contents: "write" }, { repositorySelection: "selected" })).toBe("none");
    expect(
      level({ contents: "write" }, { repositorySelection: "selected", repositoryIds: [repository.id] }),
    ).toBe("write");
  });
});

test("rules see an owner, teams, and Apps as themselves", () => {
  expect(actorOf(db, as("owner"), repository)).toMatchObject({
    organizationAdmin: true,
    level: "admin",
    integration: undefined,
  });
  expect(actorOf(db, as("member"), repository)).toMatchObject({
    organizationAdmin: false,
    teams: expect.arrayContaining([team]),
  });
  expect(actorOf(db, installation({ contents: "write" }), repository)).toEqual({
    organizationAdmin: false,
    level: "write",
    teams: [],
    integration: 7,
  });
});

describe("requests", () => {
  test.each([
    ["GET", "", "read", true],
    ["GET", "/contents/x", "none", false],
    ["GET", "/hooks", "write", false],
    ["GET", "/hooks/1/deliveries", "admin", true],
    ["PATCH", "", "write", false],
    ["DELETE", "", "admin", true],
    ["PUT", "/contents/x", "read", false],
    ["PUT", "/contents/x", "write", true],
    ["POST", "/rulesets", "maintain", false],
    ["GET", "/rulesets", "read", true],
    ["POST", "/pulls", "read", true],
    ["PUT", "/pulls/1/merge", "read", false],
    ["POST", "/issues", "read", true],
    ["POST", "/issues/1/labels", "read", false],
    ["POST", "/issues/1/labels", "triage", true],
    ["POST", "/forks", "read", true],
    ["PUT", "/branches/a/b/protection", "write", false],
  ] as const)("%s %s with %s: %s", (method, path, level, expected) => {
    expect(allowed(method, path, level, as("somebody"))).toBe(expected);
  });

  test("an App's own permission counts beside its level", () => {
    expect(allowed("POST", "/check-runs", "read", installation({ checks: "write" }))).toBe(true);
    expect(allowed("POST", "/check-runs", "write", installation({ checks: "read" }))).toBe(false);
    expect(allowed("PATCH", "/hooks/1", "write", installation({ repository_hooks: "write" }))).toBe(true);
  });

  test("nobody writes", () => {
    expect(allowed("POST", "/issues", "read", undefined)).toBe(false);
  });
});
