import { requestState } from "../context.ts";
import { copyListed, copyObjects } from "../git/copy.ts";
import { git } from "../git/run.ts";
import { HttpError } from "../host/router.ts";
import { nodeId, type Repository, type User } from "../host/rows.ts";
import { showRepository } from "../show.ts";
import type { RouteParts } from "./all.ts";
import { accountFor, insertRepository } from "./new-repository.ts";
import { identityOf, repositoryOf, requireIdentity, text } from "./support.ts";

function missing(sha: string): never {
  throw new HttpError(500, `the template's branch is at ${sha}, which is no commit that it has`);
}

/** Repositories made from others: from a template, and forks. */
export function addCopies(front: RouteParts): void {
  const { router, db, sync, baseUrl, directoryOf } = front;

  /** One branch of a new repository: the template's tree as one commit without a parent. */
  const plant = async (template: Repository, target: Repository, branch: string, sha: string, user: User) => {
    const { tree_sha: tree } =
      db.commits.findBy("repo_id", template.id).find((row) => row.sha === sha) ?? missing(sha);
    const objects = sync.content.insideTree(template.id, tree);
    await copyListed(directoryOf(template.id), directoryOf(target.id), objects);
    const date = new Date().toISOString().replace(/\.\d{3}Z$/, "Z");
    const person = {
      name: user.name ?? user.login,
      email: user.email ?? `${user.login}@users.noreply.github.com`,
    };
    sync.content.adopt(target.id, template.id, objects);
    const fields = {
      message: "Initial commit",
      author_name: person.name,
      author_email: person.email,
      author_date: date,
      committer_name: person.name,
      committer_email: person.email,
      committer_date: date,
      tree_sha: tree,
      parent_shas: [],
    };
    const commit = sync.makeCommit(target.id, fields);
    sync.content.adopt(target.id, template.id, objects);
    const node_id = nodeId("Commit", db.commits.nextId());
    db.commits.insert({ ...fields, repo_id: target.id, sha: commit, node_id, user_id: user.id });
    const id = db.refs.nextId();
    db.refs.insert({
      repo_id: target.id,
      ref: `refs/heads/${branch}`,
      sha: commit,
      node_id: nodeId("Ref", id),
    });
    db.branches.insert({ repo_id: target.id, name: branch, sha: commit, protected: false });
  };

  router.post("/repos/:owner/:repo/generate", async (context) => {
    const template = repositoryOf(db, context);
    if (!template.is_template) throw new HttpError(404, "Not Found");
    const body = await context.object();
    const branches = db.branches.findBy("repo_id", template.id);
    const main = branches.find(({ name }) => name === template.default_branch);
    const { account, user } = accountFor(db, requireIdentity(context), text(body.owner));
    const target = insertRepository(front, account, text(body.name) ?? "", template, {
      description: text(body.description) ?? null,
      private: body.private === true,
      settings: {
        template_repository: {
          id: template.id,
          node_id: template.node_id,
          name: template.name,
          full_name: template.full_name,
          owner: { login: template.full_name.split("/")[0] },
        },
      },
    });
    const state = requestState.getStore();
    if (state !== undefined) state.trusted = true;
    const wanted = body.include_all_branches === true ? branches : main === undefined ? [] : [main];
    for (const { name, sha } of wanted) await plant(template, target, name, sha, user);
    const done = db.repositories.update(target.id, { pushed_at: new Date().toISOString() }) ?? target;
    return context.json(showRepository(db, identityOf(context), done, baseUrl), 201);
  });

  router.post("/repos/:owner/:repo/forks", async (context) => {
    const parent = repositoryOf(db, context);
    const body = await context.object();
    const { account } = accountFor(db, requireIdentity(context), text(body.organization));
    const existing = db.repositories
      .all()
      .find(
        (row) =>
          row.forked_from_id === parent.id && row.owner_id === account.id && row.owner_type === account.type,
      );
    // GitHub answers a second request for the same fork with the first.
    if (existing !== undefined)
      return context.json(showRepository(db, identityOf(context), existing, baseUrl), 202);
    const fork = insertRepository(front, account, text(body.name) ?? parent.name, parent, {
      fork: true,
      forked_from_id: parent.id,
    });
    const refs = db.refs.findBy("repo_id", parent.id);
    const wanted =
      body.default_branch_only === true
        ? refs.filter(({ ref }) => ref === `refs/heads/${parent.default_branch}`)
        : refs;
    if (wanted.length > 0) {
      const heads = wanted.map(({ sha }) => sha).join("\n");
      await copyObjects(directoryOf(parent.id), directoryOf(fork.id), `${heads}\n`, ["--revs"]);
      const input = wanted.map(({ ref, sha }) => `create ${ref} ${sha}\n`).join("");
      await git(directoryOf(fork.id), ["update-ref", "--stdin"], { input });
      sync.readRefs(fork);
      sync.content.unload(fork.id);
    }
    db.repositories.update(parent.id, { forks_count: parent.forks_count + 1 });
    const done = db.repositories.update(fork.id, { pushed_at: parent.pushed_at }) ?? fork;
    return context.json(showRepository(db, identityOf(context), done, baseUrl), 202);
  });
}
