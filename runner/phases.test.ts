import { describe, expect, it } from "vitest";
import { Course } from "./phases.ts";

function course(lines: readonly (readonly [number, string])[], end = 0): Course {
  const read = new Course();
  for (const [now, line] of lines) read.read(line, now);
  if (end > 0) read.end(end);
  return read;
}

describe("Course", () => {
  it("takes the builder's own seconds", () => {
    const seen = course([
      [0, "==> unpack"],
      [9000, "    unpack: 1.5 s"],
      [9000, "==> pack"],
    ]);
    expect(seen.current).toBe("pack");
    expect(seen.phases).toEqual([
      { name: "unpack", seconds: 1.5 },
      { name: "pack", seconds: 0 },
    ]);
  });

  it("counts for a phase that did not end by itself", () => {
    const seen = course([[1000, "==> unpack"]], 3540);
    expect(seen.phases).toEqual([{ name: "unpack", seconds: 2.5 }]);
    expect(seen.current).toBeUndefined();
  });

  it("takes no time of a phase that is not under way, and nothing that only looks like one", () => {
    const seen = course([
      [0, "    unpack: 1.5 s"],
      [0, "==> pack"],
      [0, "    other: 7.0 s"],
      [0, " ==> no phase"],
      [0, "    pack: many s"],
    ]);
    expect(seen.phases).toEqual([{ name: "pack", seconds: 0 }]);
  });

  it("keeps as much as a manifest takes", () => {
    const lines = Array.from(
      { length: 1100 },
      (_, number) => [0, `==> ${"x".repeat(300)}${number}`] as const,
    );
    const errors = Array.from(
      { length: 30 },
      (_, number) => [0, `error: ${number}${"y".repeat(600)}`] as const,
    );
    const seen = course([...lines, ...errors]);
    expect(seen.phases).toHaveLength(1000);
    expect(seen.phases[0]?.name).toHaveLength(200);
    expect(seen.problems).toHaveLength(20);
    expect(seen.problems[0]).toHaveLength(500);
  });
});
