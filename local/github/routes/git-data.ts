import { spawn } from "node:child_process";
import { encodeTag, objectId } from "../git/objects.ts";
import { git, gitEnvironment } from "../git/run.ts";
import type { Context, Reply } from "../host/router.ts";
import { HttpError } from "../host/router.ts";
import { nodeId, type Tag } from "../host/rows.ts";
import { actingUser } from "../push.ts";
import type { RouteParts } from "./all.ts";
import { identityOf, invalid, page, repositoryOf, text } from "./support.ts";

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Tags, and archives of a commit: the emulator gives a tag object a random id, lists no tag without one, and has no archives. */
export function addGitData(front: RouteParts): void {
  const { router, db, baseUrl, directoryOf } = front;

  router.get("/repos/:owner/:repo/tags", (context) => {
    const repository = repositoryOf(db, context);
    const objects = new Map(db.tags.findBy("repo_id", repository.id).map((tag) => [tag.sha, tag.object_sha]));
    const peel = (sha: string): string => {
      const inner = objects.get(sha);
      return inner === undefined ? sha : peel(inner);
    };
    const url = `${baseUrl}/repos/${repository.full_name}`;
    const tags = db.refs
      .findBy("repo_id", repository.id)
      .filter(({ ref }) => ref.startsWith("refs/tags/"))
      .map(({ ref, sha, node_id }) => ({ name: ref.slice("refs/tags/".length), sha: peel(sha), node_id }))
      .sort((left, right) => right.name.localeCompare(left.name, "en", { numeric: true }))
      .map(({ name, sha, node_id }) => ({
        name,
        zipball_url: `${url}/zipball/refs/tags/${encodeURIComponent(name)}`,
        tarball_url: `${url}/tarball/refs/tags/${encodeURIComponent(name)}`,
        commit: { sha, url: `${url}/commits/${sha}` },
        node_id,
      }));
    return context.json(page(context, tags));
  });

  router.post("/repos/:owner/:repo/git/tags", async (context) => {
    const repository = repositoryOf(db, context);
    const body = await context.object();
    const [tag, message, target, type] = [
      text(body.tag),
      text(body.message),
      text(body.object),
      text(body.type),
    ];
    const missing = Object.entries({ tag, message, object: target, type }).filter(
      ([, value]) => value === undefined,
    );
    if (tag === undefined || message === undefined || target === undefined || type === undefined) {
      throw invalid(
        `Invalid request.\n\n${missing.map(([name]) => `"${name}" wasn't supplied.`).join("\n")}`,
      );
    }
    if (!["commit", "tree", "blob", "tag"].includes(type))
      throw invalid(`type: found ${type}; expected commit, tree, blob or tag`);
    const found = await git(directoryOf(repository.id), ["cat-file", "-t", target], { accept: [1, 128] });
    if (found.stdout.toString("utf8").trim() !== type)
      throw invalid(`object: ${target} is no ${type} of this repository`);
    const user = actingUser(db, identityOf(context));
    const tagger = object(body.tagger);
    const date = text(tagger.date) ?? new Date().toISOString().replace(/\.\d{3}Z$/, "Z");
    if (Number.isNaN(Date.parse(date)))
      throw invalid(`tagger.date: found ${date}; expected an ISO 8601 date`);
    const fields = {
      tag,
      message,
      object_sha: target,
      object_type: type,
      tagger_name: text(tagger.name) ?? user.name ?? user.login,
      tagger_email: text(tagger.email) ?? user.email ?? `${user.login}@users.noreply.github.com`,
      tagger_date: date,
    };
    const sha = objectId("tag", encodeTag(fields));
    const known = db.tags.findBy("repo_id", repository.id).find((row) => row.sha === sha);
    const id = db.tags.nextId();
    const row: Tag =
      known ?? db.tags.insert({ ...fields, repo_id: repository.id, sha, node_id: nodeId("Tag", id) });
    const url = `${baseUrl}/repos/${repository.full_name}/git`;
    return context.json(
      {
        node_id: row.node_id,
        tag,
        sha,
        url: `${url}/tags/${sha}`,
        message,
        tagger: { name: fields.tagger_name, email: fields.tagger_email, date },
        object: { type, sha: target, url: `${url}/${type}s/${target}` },
        verification: {
          verified: false,
          reason: "unsigned",
          signature: null,
          payload: null,
          verified_at: null,
        },
      },
      201,
    );
  });

  const archive = async (context: Context, format: "tar.gz" | "zip"): Promise<Reply> => {
    const repository = repositoryOf(db, context);
    const directory = directoryOf(repository.id);
    const ref = context.req.param("ref") || repository.default_branch;
    const resolved = await git(
      directory,
      ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`],
      {
        accept: [1, 128],
      },
    );
    const sha = resolved.stdout.toString("utf8").trim();
    if (resolved.code !== 0) throw new HttpError(404, "Not Found");
    const base = `${repository.full_name.replace("/", "-")}-${sha.slice(0, 7)}`;
    const args = ["--git-dir", directory, "archive", `--format=${format}`, `--prefix=${base}/`, sha];
    const child = spawn("git", args, { env: gitEnvironment(), stdio: ["ignore", "pipe", "ignore"] });
    return context.body(child.stdout, 200, {
      "Content-Type": format === "zip" ? "application/zip" : "application/x-gzip",
      "Content-Disposition": `attachment; filename=${base}.${format}`,
    });
  };
  for (const ending of ["", "/:ref{.+}"]) {
    router.get(`/repos/:owner/:repo/tarball${ending}`, (context) => archive(context, "tar.gz"));
    router.get(`/repos/:owner/:repo/zipball${ending}`, (context) => archive(context, "zip"));
  }
}
