import { requestState } from "../context.ts";
import { HttpError } from "../host/router.ts";
import type { Blob, Commit, Ref, Repository, Tables, Tag, Tree } from "../host/rows.ts";
import { nodeId } from "../host/rows.ts";
import type { Change, Row, Store } from "../host/store.ts";
import type { Persistence } from "../persistence.ts";
import type { BareRepositories } from "./bare.ts";
import { GitContent } from "./content.ts";
import { encodeCommit, encodeTag, encodeTree, type ObjectType, objectId, writeObject } from "./objects.ts";
import { GitError, gitSync } from "./run.ts";

const NONE = "0".repeat(40);

/** Whether a change of a ref by the current request is allowed; throws when it is not. */
export type RefGuard = (repository: Repository, ref: string, before?: string, after?: string) => void;

/**
 * Keeps the bare repositories and the emulator's rows equal. Git is the truth: a row that the emulator's routes
 * make is written to git before it is a row, so what git refuses never shows; what was pushed is read from git.
 */
export class GitSync {
  readonly content: GitContent;
  private readonly tables: () => Tables;
  private refGuard: RefGuard = () => undefined;

  constructor(
    private readonly store: Store,
    tables: () => Tables,
    readonly bare: BareRepositories,
    private readonly persistence: Persistence,
  ) {
    this.tables = tables;
    this.content = new GitContent(store, tables, (id) => this.directoryOf(id));
    this.exportObject<Blob>("github.blobs", "blob", ({ content, encoding }) =>
      Buffer.from(content, encoding === "base64" ? "base64" : "utf8"),
    );
    this.exportObject<Tree>("github.trees", "tree", ({ tree }) => encodeTree(tree));
    this.exportObject<Commit>("github.commits", "commit", encodeCommit);
    this.exportObject<Tag>("github.tags", "tag", encodeTag);
    store.guard("github.refs", (change) => this.exportRef(change));
    store.listen((change) => this.followRepository(change));
  }

  guardRefs(guard: RefGuard): void {
    this.refGuard = guard;
  }

  directoryOf(repository: number): string {
    const row = this.tables().repositories.get(repository);
    if (row === undefined) throw new HttpError(404, "Not Found");
    return this.bare.directory(row.full_name);
  }

  /** After a start: git may have taken a push that the process did not live to see. */
  reconcile(): void {
    for (const repository of this.tables().repositories.all()) {
      if (!this.bare.exists(repository.full_name))
        this.bare.create(repository.full_name, repository.default_branch);
      this.bare.configure(repository.full_name);
      this.readRefs(repository);
    }
  }

  /** Writes a commit to git and gives its id; `content.add` shows it. */
  makeCommit(repository: number, commit: Parameters<typeof encodeCommit>[0]): string {
    return writeObject(this.directoryOf(repository), "commit", encodeCommit(commit));
  }

  /** Makes the rows of refs and branches equal to git's refs, and gives what differed. */
  readRefs(repository: Repository): { ref: string; before: string | undefined; after: string | undefined }[] {
    const db = this.tables();
    const now = this.bare.refs(repository.full_name);
    const rows = new Map(db.refs.findBy("repo_id", repository.id).map((row) => [row.ref, row]));
    const changes: { ref: string; before: string | undefined; after: string | undefined }[] = [];
    for (const ref of new Set([...rows.keys(), ...now.keys()])) {
      const before = rows.get(ref)?.sha;
      const after = now.get(ref);
      if (before === after) continue;
      changes.push({ ref, before, after });
      this.setRow("github.refs", rows.get(ref), after, (id) => ({
        repo_id: repository.id,
        ref,
        sha: after ?? "",
        node_id: nodeId("Ref", id),
      }));
      if (ref.startsWith("refs/heads/"))
        this.setBranch(repository.id, ref.slice("refs/heads/".length), after);
    }
    return changes;
  }

  private setBranch(repo_id: number, name: string, sha: string | undefined): void {
    const row = this.tables()
      .branches.findBy("repo_id", repo_id)
      .find((branch) => branch.name === name);
    this.setRow("github.branches", row, sha, () => ({
      protected: false,
      ...row,
      repo_id,
      name,
      sha: sha ?? "",
    }));
  }

  /** Sets or removes a row without asking the guards, and keeps it. */
  private setRow(
    name: string,
    row: Row | undefined,
    sha: string | undefined,
    make: (id: number) => object,
  ): void {
    const table = this.store.collection<Row>(name);
    if (sha === undefined) {
      if (row === undefined) return;
      table.drop(row.id);
      this.persistence.record({ collection: name, id: row.id, after: undefined });
      return;
    }
    const now = new Date().toISOString();
    const id = row?.id ?? table.nextId();
    const after = { ...make(id), id, created_at: row?.created_at ?? now, updated_at: now };
    table.put(after);
    this.persistence.record({ collection: name, id, after });
  }

  private exportObject<T extends Row & { repo_id: number; sha: string }>(
    collection: string,
    type: ObjectType,
    encode: (row: T) => Buffer,
  ): void {
    this.store.guard(collection, ({ before, after }) => {
      if (before !== undefined || after === undefined) return;
      const row = after as unknown as T;
      const content = encode(row);
      if (objectId(type, content) !== row.sha) {
        throw new HttpError(500, `the ${type} ${row.sha} is not what git would make of it`);
      }
      writeObject(this.directoryOf(row.repo_id), type, content);
    });
  }

  private exportRef({ before, after }: Change): void {
    const old = before as unknown as Ref | undefined;
    const next = after as unknown as Ref | undefined;
    if (old?.sha === next?.sha) return;
    const row = next ?? old;
    if (row === undefined) return;
    const repository = this.tables().repositories.get(row.repo_id);
    // Rows of a repository that is being deleted: its folder goes as a whole.
    if (repository === undefined || !this.bare.exists(repository.full_name)) return;
    if (requestState.getStore()?.deletingRepository === repository.id) return;
    this.refGuard(repository, row.ref, old?.sha, next?.sha);
    const directory = this.bare.directory(repository.full_name);
    const args =
      next === undefined
        ? ["update-ref", "-d", row.ref, old?.sha ?? NONE]
        : ["update-ref", row.ref, next.sha, old?.sha ?? NONE];
    try {
      gitSync(directory, args);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      throw new HttpError(422, `Reference update failed: ${error.stderr.trim()}`);
    }
    const change = { repository: repository.id, ref: row.ref, before: old?.sha, after: next?.sha };
    requestState.getStore()?.changes.push(change);
  }

  private followRepository({ collection, before, after }: Change): void {
    if (collection === "github.blobs" && before === undefined && after !== undefined) {
      this.content.settleBlob(after as unknown as Blob);
    }
    if (collection !== "github.repos") return;
    const old = before as unknown as Repository | undefined;
    const next = after as unknown as Repository | undefined;
    if (next === undefined) {
      if (old !== undefined) this.bare.remove(old.full_name);
      return;
    }
    if (old === undefined) {
      // A folder of that name is a leftover of a repository that is gone.
      this.bare.remove(next.full_name);
      this.bare.create(next.full_name, next.default_branch);
      this.content.empty(next.id);
      return;
    }
    if (old.full_name !== next.full_name) this.bare.rename(old.full_name, next.full_name);
    if (old.default_branch !== next.default_branch) this.bare.setHead(next.full_name, next.default_branch);
  }
}
