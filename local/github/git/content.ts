import type { Blob, Commit, Tables, Tag, Tree } from "../host/rows.ts";
import { nodeId } from "../host/rows.ts";
import { Collection, type Row, type Store } from "../host/store.ts";
import { decodeCommit, decodeTag, decodeTree } from "./objects.ts";
import { git, gitSync } from "./run.ts";

/** A blob whose content stays in git until a route asks for it: images and archives must not fill the memory. */
class LazyBlob implements Blob {
  readonly encoding = "base64";
  readonly created_at = "";
  readonly updated_at = "";
  readonly node_id: string;

  constructor(
    readonly id: number,
    readonly repo_id: number,
    readonly sha: string,
    readonly size: number,
    private readonly directory: () => string,
  ) {
    this.node_id = nodeId("Blob", id);
  }

  get content(): string {
    return gitSync(this.directory(), ["cat-file", "blob", this.sha]).toString("base64");
  }
}

/** A collection of git objects: what a repository has is read from git when it is first looked at. */
class GitCollection<T extends Row> extends Collection<T> {
  constructor(
    name: string,
    fields: readonly string[],
    store: Store,
    private readonly load: (repository: number) => void,
  ) {
    super(name, fields, store.observers());
  }

  override findBy(field: string, value: unknown): T[] {
    if (field === "repo_id" && typeof value === "number") this.load(value);
    return super.findBy(field, value);
  }
}

export interface ObjectInfo {
  readonly sha: string;
  readonly type: string;
  readonly size: number;
}

function parseInfo(output: Buffer): ObjectInfo[] {
  return output
    .toString("latin1")
    .split("\n")
    .map((line) => /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(line))
    .flatMap((found) =>
      found === null ? [] : [{ sha: found[1] ?? "", type: found[2] ?? "", size: Number(found[3]) }],
    );
}

/** Shows the emulator's routes what is in the bare repositories, as rows of its own tables. */
export class GitContent {
  private readonly loaded = new Set<number>();
  private readonly known = new Map<number, Map<string, number>>();
  private readonly database: () => Tables;

  constructor(
    store: Store,
    database: () => Tables,
    private readonly directory: (repository: number) => string,
  ) {
    this.database = database;
    const load = (repository: number) => this.load(repository);
    store.provide(new GitCollection<Commit>("github.commits", ["repo_id", "sha"], store, load));
    store.provide(new GitCollection<Tree>("github.trees", ["repo_id", "sha"], store, load));
    store.provide(new GitCollection<Blob>("github.blobs", ["repo_id", "sha"], store, load));
    store.provide(new GitCollection<Tag>("github.tags", ["repo_id"], store, load));
  }

  /** Marks a repository that has no object yet, so that nothing is started to find that out. */
  empty(repository: number): void {
    this.loaded.add(repository);
  }

  /** The ids of a tree and of all that is in it. */
  insideTree(repository: number, tree: string): string[] {
    const rows = new Map(
      this.database()
        .trees.findBy("repo_id", repository)
        .map((row) => [row.sha, row]),
    );
    const found = new Set<string>();
    const walk = (sha: string) => {
      found.add(sha);
      for (const entry of rows.get(sha)?.tree ?? []) {
        if (entry.type === "tree") walk(entry.sha);
        else if (entry.type === "blob") found.add(entry.sha);
      }
    };
    walk(tree);
    return [...found];
  }

  /** Shows objects of one repository in a new one that got them too, without asking git. */
  adopt(target: number, source: number, ids: readonly string[]): void {
    const db = this.database();
    const known = new Map<string, Tree | Blob>();
    for (const row of [...db.trees.findBy("repo_id", source), ...db.blobs.findBy("repo_id", source)]) {
      known.set(row.sha, row);
    }
    for (const sha of ids) {
      const row = known.get(sha);
      if (row !== undefined && "tree" in row) {
        const id = db.trees.nextId();
        db.trees.put({ ...row, id, repo_id: target, node_id: nodeId("Tree", id) });
      } else if (row !== undefined) {
        db.blobs.put(new LazyBlob(db.blobs.nextId(), target, sha, row.size, () => this.directory(target)));
      }
    }
  }

  /** Reads a repository again when it is next looked at. */
  unload(repository: number): void {
    this.loaded.delete(repository);
  }

  forget(repository: number): void {
    const db = this.database();
    for (const table of [db.commits, db.trees, db.blobs, db.tags]) {
      for (const row of this.loaded.has(repository) ? table.findBy("repo_id", repository) : [])
        table.drop(row.id);
    }
    this.loaded.delete(repository);
    this.known.delete(repository);
  }

  /** After a push: shows the new objects, unless nobody has looked at the repository yet. */
  async add(repository: number, heads: readonly string[], seen: readonly string[]): Promise<void> {
    if (!this.loaded.has(repository) || heads.length === 0) return;
    const directory = this.directory(repository);
    const wanted = [...heads, ...seen.map((sha) => `^${sha}`)].join("\n");
    const listed = await git(directory, ["rev-list", "--objects", "--stdin"], { input: `${wanted}\n` });
    const ids = listed.stdout.toString("utf8").replace(/^([0-9a-f]{40}).*$/gm, "$1");
    // A tag is not listed by rev-list when what it points to is known already.
    const input = `${heads.join("\n")}\n${ids}`;
    const checked = await git(directory, ["cat-file", "--batch-check"], { input });
    this.show(repository, parseInfo(checked.stdout));
  }

  /** An object that a route made and the export wrote: a large content need not stay in memory. */
  settleBlob(row: Blob): void {
    if (row.size < 64 * 1024) return;
    this.database().blobs.put(
      new LazyBlob(row.id, row.repo_id, row.sha, row.size, () => this.directory(row.repo_id)),
    );
  }

  private load(repository: number): void {
    if (this.loaded.has(repository)) return;
    this.loaded.add(repository);
    const directory = this.directory(repository);
    this.show(
      repository,
      parseInfo(gitSync(directory, ["cat-file", "--batch-check", "--batch-all-objects"])),
    );
  }

  private show(repository: number, objects: readonly ObjectInfo[]): void {
    const db = this.database();
    const sizes = this.known.get(repository) ?? new Map<string, number>();
    this.known.set(repository, sizes);
    const fresh = objects.filter(({ sha }) => !sizes.has(sha));
    for (const { sha, size } of fresh) sizes.set(sha, size);
    for (const { sha, size } of fresh.filter(({ type }) => type === "blob")) {
      if (db.blobs.findBy("sha", sha).some((row) => row.repo_id === repository)) continue;
      const id = db.blobs.nextId();
      db.blobs.put(new LazyBlob(id, repository, sha, size, () => this.directory(repository)));
    }
    const rest = fresh.filter(({ type }) => type !== "blob");
    if (rest.length === 0) return;
    const input = rest.map(({ sha }) => `${sha}\n`).join("");
    const output = gitSync(this.directory(repository), ["cat-file", "--batch"], input);
    let at = 0;
    for (const { sha, type, size } of rest) {
      const start = output.indexOf(0x0a, at) + 1;
      this.showOne(repository, sha, type, output.subarray(start, start + size), sizes);
      at = start + size + 1;
    }
  }

  private showOne(
    repo_id: number,
    sha: string,
    type: string,
    content: Buffer,
    sizes: ReadonlyMap<string, number>,
  ): void {
    const db = this.database();
    const common = { repo_id, sha, created_at: "", updated_at: "" };
    const absent = (table: Collection<Commit> | Collection<Tree>) =>
      !table.findBy("sha", sha).some((row) => row.repo_id === repo_id);
    if (type === "commit" && absent(db.commits)) {
      const id = db.commits.nextId();
      db.commits.put({
        ...common,
        id,
        node_id: nodeId("Commit", id),
        user_id: null,
        ...decodeCommit(content),
      });
    } else if (type === "tree" && absent(db.trees)) {
      const id = db.trees.nextId();
      const tree = decodeTree(content).map((entry) => {
        const size = entry.type === "blob" ? sizes.get(entry.sha) : undefined;
        return size === undefined ? entry : { ...entry, size };
      });
      db.trees.put({ ...common, id, node_id: nodeId("Tree", id), tree, truncated: false });
    } else if (type === "tag" && !db.tags.findBy("repo_id", repo_id).some((row) => row.sha === sha)) {
      const id = db.tags.nextId();
      db.tags.put({ ...common, id, node_id: nodeId("Tag", id), ...decodeTag(content) });
    }
  }
}
