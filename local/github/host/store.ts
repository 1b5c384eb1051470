/** A row of the emulator's store. Other fields are the emulator's; `rows.ts` names those that the front uses. */
export interface Row {
  id: number;
  created_at: string;
  updated_at: string;
}

export type NewRow<T extends Row> = Omit<T, keyof Row> & Partial<Row>;

/** One change to one row; `after` is undefined when it was deleted, `before` when it is new. */
export interface Change {
  readonly collection: string;
  readonly id: number;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** Sees each change before it is made: it may throw to refuse it. */
export type Guard = (change: Change) => void;
export type Listener = (change: Change) => void;

export interface CollectionSnapshot {
  readonly autoId: number;
  readonly items: readonly Row[];
}

interface Observers {
  readonly guards: Map<string, Guard[]>;
  readonly listeners: Listener[];
}

function fieldOf(row: Row, field: string): unknown {
  return Object.entries(row).find(([name]) => name === field)?.[1];
}

/**
 * A table in memory with the interface that the emulator's routes expect. Differences that matter: lookups by
 * an indexed field give a cached array (the emulator's own builds one per call, which makes walks through a
 * history quadratic), and changes can be refused and observed.
 */
export class Collection<T extends Row> {
  protected readonly items = new Map<number, T>();
  private readonly index = new Map<string, Map<string, Set<number>>>();
  private readonly cache = new Map<string, T[]>();
  private autoId = 1;

  constructor(
    readonly name: string,
    private readonly indexFields: readonly string[],
    private readonly observers: Observers,
  ) {
    for (const field of indexFields) this.index.set(field, new Map());
  }

  insert(data: NewRow<T>): T {
    const now = new Date().toISOString();
    const id = data.id !== undefined && data.id > 0 ? data.id : this.autoId;
    const row = { ...data, id, created_at: now, updated_at: now } as unknown as T;
    this.guard({ collection: this.name, id, before: undefined, after: row });
    this.put(row);
    this.notify({ collection: this.name, id, before: undefined, after: row });
    return row;
  }

  update(id: number, data: Partial<T>): T | undefined {
    const before = this.items.get(id);
    if (before === undefined) return undefined;
    const after = { ...before, ...data, id, updated_at: new Date().toISOString() };
    this.guard({ collection: this.name, id, before, after });
    this.put(after);
    this.notify({ collection: this.name, id, before, after });
    return after;
  }

  delete(id: number): boolean {
    const before = this.items.get(id);
    if (before === undefined) return false;
    this.guard({ collection: this.name, id, before, after: undefined });
    this.drop(id);
    this.notify({ collection: this.name, id, before, after: undefined });
    return true;
  }

  get(id: number): T | undefined {
    return this.items.get(id);
  }

  findBy(field: string, value: unknown): T[] {
    const byValue = this.index.get(field);
    if (byValue === undefined) return this.all().filter((row) => fieldOf(row, field) === value);
    const key = `${field}\0${String(value)}`;
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    const rows: T[] = [];
    for (const id of byValue.get(String(value)) ?? []) {
      const row = this.items.get(id);
      if (row !== undefined) rows.push(row);
    }
    this.cache.set(key, rows);
    return rows;
  }

  findOneBy(field: string, value: unknown): T | undefined {
    return this.findBy(field, value)[0];
  }

  all(): T[] {
    return [...this.items.values()];
  }

  count(filter?: (row: T) => boolean): number {
    return filter === undefined ? this.items.size : this.all().filter(filter).length;
  }

  /** Sets a row as it is, without guard or notice: for replay, and for what git already has. */
  put(row: T): void {
    const before = this.items.get(row.id);
    if (before !== undefined) this.unindex(before);
    this.items.set(row.id, row);
    this.autoId = Math.max(this.autoId, row.id + 1);
    for (const [field, byValue] of this.index) {
      const value = fieldOf(row, field);
      if (value === undefined || value === null) continue;
      const ids = byValue.get(String(value)) ?? new Set<number>();
      byValue.set(String(value), ids.add(row.id));
      this.cache.delete(`${field}\0${String(value)}`);
    }
  }

  /** Removes a row without guard or notice. */
  drop(id: number): void {
    const before = this.items.get(id);
    if (before === undefined) return;
    this.unindex(before);
    this.items.delete(id);
  }

  /** The id that the next row would get. */
  nextId(): number {
    return this.autoId;
  }

  snapshot(): CollectionSnapshot {
    return { autoId: this.autoId, items: this.all() };
  }

  restore(snapshot: CollectionSnapshot): void {
    for (const row of snapshot.items) this.put(row as T);
    this.autoId = Math.max(this.autoId, snapshot.autoId);
  }

  private unindex(row: T): void {
    for (const [field, byValue] of this.index) {
      const value = fieldOf(row, field);
      if (value === undefined || value === null) continue;
      byValue.get(String(value))?.delete(row.id);
      this.cache.delete(`${field}\0${String(value)}`);
    }
  }

  private guard(change: Change): void {
    for (const guard of this.observers.guards.get(this.name) ?? []) guard(change);
  }

  private notify(change: Change): void {
    for (const listener of this.observers.listeners) listener(change);
  }

  /** True when the emulator asks for the same indexes that the collection has. */
  hasIndexes(fields: readonly string[]): boolean {
    return [...fields].sort().join() === [...this.indexFields].sort().join();
  }
}

/** The tables by name, and values that are only needed while the process runs. */
export class Store {
  private readonly collections = new Map<string, Collection<Row>>();
  private readonly data = new Map<string, unknown>();
  private readonly guards = new Map<string, Guard[]>();
  private readonly listeners: Listener[] = [];

  collection<T extends Row>(name: string, indexFields: readonly string[] = []): Collection<T> {
    let found = this.collections.get(name);
    if (found === undefined) {
      found = new Collection<Row>(name, indexFields, this.observers());
      this.collections.set(name, found);
    }
    return found as unknown as Collection<T>;
  }

  /** Puts a special collection in place before the emulator asks for it by name. */
  provide<T extends Row>(collection: Collection<T>): void {
    this.collections.set(collection.name, collection as unknown as Collection<Row>);
  }

  observers(): Observers {
    return { guards: this.guards, listeners: this.listeners };
  }

  guard(collection: string, guard: Guard): void {
    this.guards.set(collection, [...(this.guards.get(collection) ?? []), guard]);
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  names(): string[] {
    return [...this.collections.keys()];
  }

  getData(key: string): unknown {
    return this.data.get(key);
  }

  setData(key: string, value: unknown): void {
    this.data.set(key, value);
  }
}
