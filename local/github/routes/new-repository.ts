import { repositoryCreator } from "../access.ts";
import type { Identity } from "../auth.ts";
import { HttpError } from "../host/router.ts";
import { findRepository, nodeId, type Repository, type Tables, type User } from "../host/rows.ts";
import type { RouteParts } from "./all.ts";
import { invalid } from "./support.ts";

export interface Account {
  readonly type: "User" | "Organization";
  readonly id: number;
  readonly login: string;
}

/** The account that a new repository goes to, and as whom it is made there, after the check that this may be. */
export function accountFor(
  db: Tables,
  identity: Identity,
  login: string | undefined,
): { readonly account: Account; readonly user: User } {
  if (login === undefined || login.toLowerCase() === identity.login.toLowerCase()) {
    const user = db.users.findOneBy("login", identity.login);
    if (user !== undefined) return { account: { type: "User", id: user.id, login: user.login }, user };
  }
  const organization = db.organizations.findOneBy("login", login ?? identity.login);
  if (organization === undefined) throw new HttpError(404, "Not Found");
  const user = repositoryCreator(db, identity, organization.id);
  if (user === undefined) {
    throw new HttpError(403, `You need admin access to the organization before adding a repository to it.`);
  }
  return { account: { type: "Organization", id: organization.id, login: organization.login }, user };
}

/** Refuses what GitHub takes for no name; with `.git` at the end, git and REST would name different things. */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9._-]{1,100}$/.test(name) && !/\.git$/i.test(name) && name !== "." && name !== "..") return;
  const message = `name: found ${JSON.stringify(name)}; expected at most 100 letters, digits, ".", "-" and "_", without .git at the end`;
  throw invalid("Repository creation failed.", [
    { resource: "Repository", field: "name", code: "custom", message },
  ]);
}

/** A new repository that takes after another one (a template, or what is forked); it has no content yet. */
export function insertRepository(
  { db }: RouteParts,
  account: Account,
  name: string,
  like: Repository,
  fields: Partial<Repository>,
): Repository {
  checkName(name);
  if (findRepository(db, account.login, name) !== undefined) {
    throw invalid("Repository creation failed.", [
      {
        resource: "Repository",
        field: "name",
        code: "custom",
        message: "name already exists on this account",
      },
    ]);
  }
  const { id: _id, created_at: _created, updated_at: _updated, settings: _settings, ...copied } = like;
  const isPrivate = fields.private ?? like.private;
  const row = db.repositories.insert({
    ...copied,
    name,
    full_name: `${account.login}/${name}`,
    owner_id: account.id,
    owner_type: account.type,
    fork: false,
    forked_from_id: null,
    forks_count: 0,
    is_template: false,
    archived: false,
    pushed_at: null,
    visibility: isPrivate ? "private" : "public",
    node_id: "",
    ...fields,
    private: isPrivate,
  });
  return db.repositories.update(row.id, { node_id: nodeId("Repository", row.id) }) ?? row;
}
