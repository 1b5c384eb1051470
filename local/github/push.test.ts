import { expect, test } from "vitest";
import { announced } from "./push.ts";

const tags = (count: number) => Array.from({ length: count }, (_, at) => ({ ref: `refs/tags/v${at}` }));
const branch = { ref: "refs/heads/main" };

test("of more than three tags in one push the hooks hear nothing, of its branches they do", () => {
  expect(announced([...tags(3), branch])).toEqual([branch, ...tags(3)]);
  expect(announced([...tags(4), branch])).toEqual([branch]);
});

test("of more than five thousand branches they hear nothing", () => {
  const branches = Array.from({ length: 5001 }, (_, at) => ({ ref: `refs/heads/b${at}` }));
  expect(announced([...branches, ...tags(1)])).toEqual(tags(1));
  expect(announced(branches.slice(1))).toHaveLength(5000);
});
