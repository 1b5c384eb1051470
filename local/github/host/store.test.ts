import { expect, test } from "vitest";
import { type Change, type Row, Store } from "./store.ts";

interface Thing extends Row {
  repo_id: number;
  name: string;
}

function things() {
  const store = new Store();
  return { store, table: store.collection<Thing>("things", ["repo_id"]) };
}

test("rows are found by an indexed field after every kind of change", () => {
  const { table } = things();
  const first = table.insert({ repo_id: 1, name: "a" });
  table.insert({ repo_id: 1, name: "b" });
  const names = (id: number) => table.findBy("repo_id", id).map(({ name }) => name);
  expect(names(1)).toEqual(["a", "b"]);
  table.update(first.id, { repo_id: 2 });
  expect([names(1), names(2)]).toEqual([["b"], ["a"]]);
  table.update(first.id, { name: "c" });
  expect(names(2)).toEqual(["c"]);
  table.delete(first.id);
  expect(names(2)).toEqual([]);
  expect(table.findBy("name", "b").map(({ id }) => id)).toEqual([2]);
});

test("rows can be deleted while they are walked", () => {
  const { table } = things();
  for (const name of ["a", "b", "c"]) table.insert({ repo_id: 1, name });
  for (const { id } of table.findBy("repo_id", 1)) table.delete(id);
  expect(table.count()).toBe(0);
});

test("an id is never given twice, a given one is kept", () => {
  const { table } = things();
  expect(table.insert({ id: 10, repo_id: 1, name: "a" }).id).toBe(10);
  table.delete(10);
  expect(table.insert({ repo_id: 1, name: "b" }).id).toBe(11);
});

test("a guard refuses a change before it is made; listeners hear of those made", () => {
  const { store, table } = things();
  const heard: Change[] = [];
  store.listen((change) => heard.push(change));
  store.guard("things", ({ after }) => {
    if ((after as Thing | undefined)?.name === "bad") throw new Error("refused");
  });
  const row = table.insert({ repo_id: 1, name: "good" });
  expect(() => table.insert({ repo_id: 1, name: "bad" })).toThrow("refused");
  expect(() => table.update(row.id, { name: "bad" })).toThrow("refused");
  expect(table.all()).toEqual([row]);
  table.delete(row.id);
  expect(heard.map(({ id, before, after }) => [id, before !== undefined, after !== undefined])).toEqual([
    [row.id, false, true],
    [row.id, true, false],
  ]);
});
