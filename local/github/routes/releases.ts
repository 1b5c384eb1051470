import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { git } from "../git/run.ts";
import { type Context, HttpError, type Reply } from "../host/router.ts";
import { nodeId, type Repository } from "../host/rows.ts";
import type { Row } from "../host/store.ts";
import { actingUser } from "../push.ts";
import { showUser } from "../show.ts";
import type { RouteParts } from "./all.ts";
import { identityOf, invalid, page, repositoryOf } from "./support.ts";

interface Release extends Row {
  repo_id: number;
  tag_name: string;
  target_commitish: string;
  draft: boolean;
  prerelease: boolean;
  published_at: string | null;
  created_at: string;
  /** Whoever published it said whether it is the latest; undefined where nobody did. */
  latest?: boolean;
}

interface Asset extends Row {
  release_id: number;
  repo_id: number;
  node_id: string;
  name: string;
  label: string | null;
  /** `starter` while the content arrives, and for ever after an upload that broke off. */
  state: "starter" | "uploaded";
  content_type: string;
  size: number;
  digest: string | null;
  download_count: number;
  uploader_id: number;
}

/** Release assets with their content, streamed to files, and the tag that publishing a release makes. */
export function addReleases(front: RouteParts): void {
  const { router, db, store, state, baseUrl, directoryOf } = front;
  const releases = store.collection<Release>("github.releases", ["repo_id"]);
  const assets = store.collection<Asset>("github.release_assets", ["release_id", "repo_id"]);
  const folder = join(state, "assets");
  mkdirSync(folder, { recursive: true });
  const fileOf = (id: number) => join(folder, String(id));
  store.listen(({ collection, id, after }) => {
    if (collection === "github.release_assets" && after === undefined) rmSync(fileOf(id), { force: true });
  });

  const show = (asset: Asset, repository: Repository) => {
    const release = releases.get(asset.release_id);
    const uploader = db.users.get(asset.uploader_id);
    return {
      url: `${baseUrl}/repos/${repository.full_name}/releases/assets/${asset.id}`,
      id: asset.id,
      node_id: asset.node_id,
      name: asset.name,
      label: asset.label,
      uploader: uploader === undefined ? null : showUser(uploader, baseUrl),
      content_type: asset.content_type,
      state: asset.state,
      size: asset.size,
      digest: asset.digest,
      download_count: asset.download_count,
      created_at: asset.created_at,
      updated_at: asset.updated_at,
      browser_download_url: `${baseUrl}/${repository.full_name}/releases/download/${encodeURIComponent(release?.tag_name ?? "")}/${encodeURIComponent(asset.name)}`,
    };
  };
  const releaseOf = (context: Context): Release => {
    const found = releases.get(Number(context.req.param("id")));
    if (found === undefined || found.repo_id !== repositoryOf(db, context).id)
      throw new HttpError(404, "Not Found");
    return found;
  };
  const download = (context: Context, asset: Asset | undefined): Reply => {
    if (asset === undefined || !existsSync(fileOf(asset.id))) throw new HttpError(404, "Not Found");
    assets.update(asset.id, { download_count: asset.download_count + 1 });
    return context.body(createReadStream(fileOf(asset.id)), 200, {
      "Content-Type": asset.content_type,
      "Content-Length": String(asset.size),
      "Content-Disposition": `attachment; filename=${encodeURIComponent(asset.name)}`,
    });
  };

  const list = "/repos/:owner/:repo/releases/:id{\\d+}/assets";
  router.get(list, (context) => {
    const repository = repositoryOf(db, context);
    const rows = assets.findBy("release_id", releaseOf(context).id);
    return context.json(page(context, rows).map((asset) => show(asset, repository)));
  });

  router.post(list, async (context) => {
    const repository = repositoryOf(db, context);
    const release = releaseOf(context);
    const name = context.req.query("name")?.trim() ?? "";
    if (name === "")
      throw invalid("Validation Failed", [
        { resource: "ReleaseAsset", field: "name", code: "missing_field" },
      ]);
    if (assets.findBy("release_id", release.id).some((asset) => asset.name === name)) {
      throw invalid("Validation Failed", [
        { resource: "ReleaseAsset", field: "name", code: "already_exists" },
      ]);
    }
    const id = assets.nextId();
    const row = assets.insert({
      node_id: nodeId("ReleaseAsset", id),
      release_id: release.id,
      repo_id: repository.id,
      name,
      label: context.req.query("label") ?? null,
      state: "starter",
      content_type: context.req.header("content-type") ?? "application/octet-stream",
      size: 0,
      digest: null,
      download_count: 0,
      uploader_id: actingUser(db, identityOf(context)).id,
    });
    front.persistence.flush();
    const hash = createHash("sha256");
    let size = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        size += chunk.length;
        done(null, chunk);
      },
    });
    await pipeline(context.incoming, measure, createWriteStream(fileOf(row.id), { mode: 0o600 }));
    const expected = context.req.header("content-length");
    if (expected !== undefined && Number(expected) !== size)
      throw new HttpError(400, "Size does not match Content-Length");
    const done = assets.update(row.id, { state: "uploaded", size, digest: `sha256:${hash.digest("hex")}` });
    if (done === undefined) {
      // It was deleted while it arrived.
      rmSync(fileOf(row.id), { force: true });
      throw new HttpError(404, "Not Found");
    }
    return context.json(show(done, repository), 201);
  });

  router.get("/repos/:owner/:repo/releases/assets/:id{\\d+}", (context) => {
    const repository = repositoryOf(db, context);
    const asset = assets.get(Number(context.req.param("id")));
    if (asset === undefined || asset.repo_id !== repository.id) throw new HttpError(404, "Not Found");
    const binary = context.req.header("accept")?.includes("application/octet-stream") === true;
    return binary ? download(context, asset) : context.json(show(asset, repository));
  });

  router.get("/:owner/:repo/releases/download/:tag/:name", (context) => {
    const repository = repositoryOf(db, context);
    if (repository.private && identityOf(context) === undefined) throw new HttpError(404, "Not Found");
    const release = releases
      .findBy("repo_id", repository.id)
      .find((row) => row.tag_name === context.req.param("tag") && !row.draft);
    const found = assets
      .findBy("release_id", release?.id)
      .find((asset) => asset.name === context.req.param("name"));
    return download(context, found);
  });

  /** GitHub makes the tag when a release is published and the tag is not there. */
  const publish = async (repository: Repository, release: Release | undefined) => {
    if (release === undefined || release.draft) return;
    const ref = `refs/tags/${release.tag_name}`;
    if (db.refs.findBy("repo_id", repository.id).some((row) => row.ref === ref)) return;
    const args = [
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${release.target_commitish}^{commit}`,
    ];
    const found = await git(directoryOf(repository.id), args, { accept: [1, 128] });
    if (found.code !== 0)
      throw invalid("Validation Failed", [
        { resource: "Release", field: "target_commitish", code: "invalid" },
      ]);
    const id = db.refs.nextId();
    db.refs.insert({
      repo_id: repository.id,
      ref,
      sha: found.stdout.toString("utf8").trim(),
      node_id: nodeId("Ref", id),
    });
  };
  /** A release is the latest when it is published, unless whoever does so says otherwise. */
  const chooseLatest = (release: Release, wanted: unknown, wasDraft: boolean) => {
    const choice = wanted ?? (wasDraft && !release.draft && !release.prerelease ? "true" : undefined);
    if (choice === undefined || (choice !== "true" && (release.draft || release.prerelease))) return;
    if (release.draft || release.prerelease)
      throw invalid("Validation Failed", [{ resource: "Release", field: "make_latest", code: "invalid" }]);
    if (choice === "true")
      for (const other of releases.findBy("repo_id", release.repo_id))
        if (other.latest === true) releases.update(other.id, { latest: false });
    releases.update(release.id, { latest: choice === "true" });
  };
  router.get("/repos/:owner/:repo/releases/latest", async (context, next) => {
    const repository = repositoryOf(db, context);
    const chosen = releases
      .findBy("repo_id", repository.id)
      .find(({ latest, draft, prerelease }) => latest === true && !draft && !prerelease);
    // The emulator knows the newest.
    if (chosen === undefined) return withAssets(await next(), repository);
    context.url.pathname = `/repos/${repository.full_name}/releases/${chosen.id}`;
    return router.handle(context);
  });
  const withAssets = (reply: Reply | undefined, repository: Repository): Reply | undefined => {
    if (reply === undefined || reply.status >= 300 || typeof reply.body !== "string") return reply;
    const extend = (shown: Record<string, unknown>) => ({
      ...shown,
      immutable: false,
      assets: assets.findBy("release_id", shown.id).map((asset) => show(asset, repository)),
    });
    const parsed: unknown = JSON.parse(reply.body);
    const body = Array.isArray(parsed)
      ? parsed.map(extend)
      : extend({ ...(parsed as Record<string, unknown>) });
    return { ...reply, body: JSON.stringify(body) };
  };
  const wrapped = (method: "get" | "post" | "patch", path: string) => {
    router[method](`/repos/:owner/:repo/releases${path}`, async (context, next) => {
      const repository = repositoryOf(db, context);
      const wasDraft = releases.get(Number(context.req.param("id")))?.draft ?? true;
      const wanted = method === "get" ? undefined : (await context.object()).make_latest;
      const reply = await next();
      // A draft has no tag yet.
      if (path === "/tags/:tag" && typeof reply?.body === "string" && JSON.parse(reply.body).draft === true)
        throw new HttpError(404, "Not Found");
      if (method !== "get" && typeof reply?.body === "string") {
        const { id }: { id: number } = JSON.parse(reply.body);
        const row = releases.get(id);
        try {
          await publish(repository, row);
          if (row !== undefined) chooseLatest(row, wanted, wasDraft);
        } catch (error) {
          if (row !== undefined && method === "post") releases.delete(row.id);
          if (row !== undefined && method === "patch" && wasDraft) releases.update(row.id, { draft: true });
          throw error;
        }
      }
      return withAssets(reply, repository);
    });
  };
  for (const path of ["", "/tags/:tag", "/:id{\\d+}"]) wrapped("get", path);
  wrapped("post", "");
  wrapped("patch", "/:id{\\d+}");
}
