import { expect, it } from "vitest";
import { formatProblem } from "./problems.ts";
import { holdsSecret, scan } from "./scan.ts";

it("walks values that contain themselves, and deeper than any stack of calls", () => {
  const loop: { self?: unknown; token: string } = { token: "ghp_0123456789abcdefghij" };
  loop.self = loop;
  expect(scan(["tags"], loop).map(formatProblem)).toEqual([
    "hypriotos:tags.token: found what looks like a GitHub token, expected no secret in a plain key: revoke it, it is in the open",
  ]);
  let deep: unknown = { secure: "v1:abc" };
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  expect(holdsSecret(deep)).toBe(true);
});

it("walks lists longer than a call may have arguments", () => {
  expect(
    scan(
      ["tags"],
      Array.from({ length: 500_000 }, () => 0),
    ),
  ).toEqual([]);
});
