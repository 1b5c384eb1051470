import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Identity, Tokens } from "./auth.ts";
import type { Change, CollectionSnapshot, Row, Store } from "./host/store.ts";

/** What git has is not kept twice. */
const IN_GIT = new Set(["github.commits", "github.trees", "github.blobs", "github.tags"]);

/** A journal that is longer is folded into a new snapshot. */
const JOURNAL_BYTES = 16 * 1024 * 1024;

interface Snapshot {
  readonly collections: Record<string, CollectionSnapshot>;
  readonly tokens: readonly (readonly [string, Identity])[];
}

/** One line of the journal: rows by collection and id (null: deleted), and the tokens where they changed. */
interface Entry {
  readonly rows: readonly (readonly [string, number, Row | null])[];
  readonly tokens?: Snapshot["tokens"];
}

/** Writes a file that others never see half written. */
export function writeAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, "w", 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}

/**
 * Keeps the store in a folder: a snapshot and a journal of row changes since. A request's changes are one line,
 * written before its answer is sent, so a killed process loses nothing that was answered and the cost of a
 * request does not grow with the store. (No fsync per line: a power cut can lose the last lines.)
 */
export class Persistence {
  private readonly snapshotFile: string;
  private readonly journalFile: string;
  private journal: number | undefined;
  private pending = new Map<string, readonly [string, number, Row | null]>();
  private tokensChanged = false;
  private written = 0;

  constructor(
    folder: string,
    private readonly store: Store,
    private readonly tokens: () => Tokens,
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.snapshotFile = join(folder, "store.json");
    this.journalFile = join(folder, "journal.jsonl");
    store.listen((change) => this.record(change));
  }

  tokenChanged(): void {
    this.tokensChanged = true;
  }

  /** Restores what was kept. False when there is nothing: a first start. */
  restore(): boolean {
    const found = existsSync(this.snapshotFile);
    if (found) {
      const snapshot: Snapshot = JSON.parse(readFileSync(this.snapshotFile, "utf8"));
      for (const [name, collection] of Object.entries(snapshot.collections)) {
        this.store.collection(name).restore(collection);
      }
      this.restoreTokens(snapshot.tokens);
      const lines = existsSync(this.journalFile) ? readFileSync(this.journalFile, "utf8").split("\n") : [];
      // The last line has no end when the process died while it was written: its request was never answered.
      for (const line of lines.slice(0, -1)) this.replay(JSON.parse(line));
    }
    this.pending.clear();
    return found;
  }

  /** Records a row that was set without notice, as the front does for what git changed. */
  record(change: Pick<Change, "collection" | "id" | "after">): void {
    if (IN_GIT.has(change.collection)) return;
    const { collection, id, after } = change;
    this.pending.set(`${collection}\0${id}`, [collection, id, after ?? null]);
  }

  /** Writes what changed since the last call. */
  flush(): void {
    if (this.journal === undefined || (this.pending.size === 0 && !this.tokensChanged)) return;
    const entry: Entry = {
      rows: [...this.pending.values()],
      ...(this.tokensChanged ? { tokens: [...this.tokens()] } : {}),
    };
    this.pending = new Map();
    this.tokensChanged = false;
    this.written += writeSync(this.journal, `${JSON.stringify(entry)}\n`);
    if (this.written > JOURNAL_BYTES) this.compact();
  }

  /** Writes everything as a new snapshot and empties the journal. */
  compact(): void {
    const collections = Object.fromEntries(
      this.store
        .names()
        .filter((name) => !IN_GIT.has(name))
        .map((name) => [name, this.store.collection(name).snapshot()]),
    );
    const snapshot: Snapshot = { collections, tokens: [...this.tokens()] };
    writeAtomically(this.snapshotFile, JSON.stringify(snapshot));
    this.pending = new Map();
    this.tokensChanged = false;
    if (this.journal === undefined) {
      writeFileSync(this.journalFile, "", { mode: 0o600, flag: "a" });
      this.journal = openSync(this.journalFile, "a", 0o600);
    }
    ftruncateSync(this.journal);
    this.written = 0;
  }

  close(): void {
    this.compact();
    if (this.journal !== undefined) closeSync(this.journal);
    this.journal = undefined;
  }

  private replay(entry: Entry): void {
    for (const [name, id, row] of entry.rows) {
      const collection = this.store.collection(name);
      if (row === null) collection.drop(id);
      else collection.put(row);
    }
    if (entry.tokens !== undefined) this.restoreTokens(entry.tokens);
  }

  private restoreTokens(tokens: Snapshot["tokens"]): void {
    this.tokens().clear();
    for (const [token, identity] of tokens) this.tokens().set(token, identity);
  }
}
