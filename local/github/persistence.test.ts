import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Tokens } from "./auth.ts";
import { type Row, Store } from "./host/store.ts";
import { Persistence } from "./persistence.ts";

interface Thing extends Row {
  name: string;
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "persistence-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function open() {
  const store = new Store();
  const tokens: Tokens = new Tokens(() => persistence.tokenChanged());
  const persistence: Persistence = new Persistence(folder, store, () => tokens);
  const table = store.collection<Thing>("things", ["name"]);
  const restored = persistence.restore();
  persistence.compact();
  return { store, tokens, persistence, table, restored };
}

test("what was flushed is there after a process that did not end well", () => {
  const first = open();
  expect(first.restored).toBe(false);
  const a = first.table.insert({ name: "a" });
  const b = first.table.insert({ name: "b" });
  first.tokens.set("secret", { login: "maintainer", id: 1, scopes: [] });
  first.persistence.flush();
  first.table.update(a.id, { name: "changed" });
  first.table.delete(b.id);
  first.persistence.flush();
  first.table.insert({ name: "never flushed" });

  const second = open();
  expect(second.restored).toBe(true);
  expect(second.table.all().map(({ id, name }) => [id, name])).toEqual([[a.id, "changed"]]);
  expect(second.table.findBy("name", "changed")).toHaveLength(1);
  expect(second.tokens.get("secret")?.login).toBe("maintainer");
  expect(second.table.insert({ name: "next" }).id).toBeGreaterThan(b.id);
});

test("a line that was being written when the process died is left out", () => {
  const first = open();
  first.table.insert({ name: "a" });
  first.persistence.flush();
  appendFileSync(join(folder, "journal.jsonl"), '{"rows":[["things",2,{"na');
  const second = open();
  expect(second.table.all().map(({ name }) => name)).toEqual(["a"]);
});

test("the files are the owner's only, and the journal is emptied at a start", () => {
  const first = open();
  first.table.insert({ name: "a" });
  first.persistence.flush();
  const journal = join(folder, "journal.jsonl");
  expect(statSync(journal).size).toBeGreaterThan(0);
  open();
  expect(statSync(journal).size).toBe(0);
  expect([journal, join(folder, "store.json")].map((file) => statSync(file).mode & 0o777)).toEqual([
    0o600, 0o600,
  ]);
});
