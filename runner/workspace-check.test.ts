import { describe, expect, it } from "vitest";
import { type ArchiveEntry, WorkspaceCheck } from "./workspace-check.ts";

const limits = { entries: 5, totalBytes: 1000, fileBytes: 500, documentBytes: 100 };

function entry(name: string, given: Partial<ArchiveEntry> = {}): ArchiveEntry {
  return { name, type: "file", size: 1, executable: false, ...given };
}

/** What is said of entries, in order. */
function problems(...entries: readonly ArchiveEntry[]): readonly string[] {
  const check = new WorkspaceCheck(limits);
  for (const one of entries) check.place(one);
  return check.problems;
}

const LINK = "expected a relative link to inside the repository";
const PLAIN = "found a path with . or .. or nothing between slashes, expected a plain path";

describe("what is placed", () => {
  it("without the archive's own folder, with git's modes", () => {
    const check = new WorkspaceCheck(limits);
    expect(check.place(entry("pax", { type: "pax-global-header" }))).toBeUndefined();
    expect(check.place(entry("top/", { type: "directory" }))).toBeUndefined();
    expect(check.place(entry("top/files/", { type: "directory" }))).toEqual({
      path: "files",
      type: "directory",
      mode: 0o755,
    });
    expect(check.place(entry("top/files/run", { executable: true }))).toEqual({
      path: "files/run",
      type: "file",
      mode: 0o755,
    });
    expect(check.place(entry("top/files/link", { type: "symlink", link: "../a/./b" }))).toEqual({
      path: "files/link",
      type: "symlink",
      mode: 0o777,
      link: "../a/./b",
    });
    expect(check.problems).toEqual([]);
  });
});

describe("what is refused", () => {
  it.each([
    ["/etc/passwd", `/etc/passwd: ${PLAIN}`],
    ["top/../../etc/passwd", `top/../../etc/passwd: ${PLAIN}`],
    ["../etc/passwd", `../etc/passwd: ${PLAIN}`],
    ["top/./a", `top/./a: ${PLAIN}`],
    ["top//a", `top//a: ${PLAIN}`],
    ["top/a\u001b[2J", "a␛[2J: found a name with control characters, expected a name that can be printed"],
    ["top/a\u202eb", "a<U+202E>b: found a name with control characters, expected a name that can be printed"],
    ["top/.git/config", ".git/config: found git's own folder, expected other names"],
    ["top/a/.GIT/hooks/x", "a/.GIT/hooks/x: found git's own folder, expected other names"],
    [`top/${"a/".repeat(600)}b`, `${"a/".repeat(99)}a…: found a path of more than 1000 characters`],
  ])("the path %j", (name, problem) => {
    expect(problems(entry(name))).toEqual([problem]);
  });

  it.each(["link", "block-device", "character-device", "fifo", "contiguous-file", "x\u0007"])(
    "a %s",
    (type) => {
      expect(problems(entry("top/a", { type }))).toEqual([
        `a: found a ${type.replace("\u0007", "␇")}, expected a file, a folder or a symbolic link`,
      ]);
    },
  );

  it("takes any link below files/: it means a path of the image", () => {
    const check = new WorkspaceCheck();
    const path = "files/etc/systemd/system/apt-daily.timer";
    expect(check.place(entry(`top/${path}`, { type: "symlink", link: "/dev/null" }))).toMatchObject({
      path,
      link: "/dev/null",
    });
    expect(check.problems).toEqual([]);
  });

  it.each([
    ["/etc/shadow", '"/etc/shadow"'],
    ["..", '".."'],
    ["../../x", '"../../x"'],
    ["b/../../../x", '"b/../../../x"'],
    ["", '""'],
    ["a\u001bb", '"a\\u001bb"'],
  ])("a symbolic link to %j", (link, shown) => {
    expect(problems(entry("top/l", { type: "symlink", link }))).toEqual([
      `l: found a symbolic link to ${shown}, ${LINK}`,
    ]);
  });

  it("a path through a link or a file, and a path that is there already", () => {
    expect(
      problems(
        entry("top/l", { type: "symlink", link: "x" }),
        entry("top/l/a"),
        entry("top/f"),
        entry("top/f/b"),
        entry("top/f"),
      ),
    ).toEqual([
      "l/a: found a path through l, which is no folder",
      "f/b: found a path through f, which is no folder",
      "f: found twice, expected once",
    ]);
  });

  it("a document, or a file, that is too large", () => {
    expect(problems(entry("top/board.json", { size: 101 }), entry("top/a", { size: 501 }))).toEqual([
      "board.json: found 101 bytes, expected at most 100",
      "a: found 501 bytes, expected at most 500",
    ]);
    expect(problems(entry("top/files/board.json", { size: 101 }))).toEqual([]);
  });

  it("too many entries, or too many bytes: then there is no use in reading on", () => {
    const check = new WorkspaceCheck(limits);
    for (let number = 0; number < 7; number++) check.place(entry(`top/${number}`));
    expect(check.problems).toEqual(["(whole): found more than 5 files and folders, expected fewer"]);
    expect(check.hopeless).toBe(true);
    expect(problems(entry("top/a", { size: 500 }), entry("top/b", { size: 500 }), entry("top/c"))).toEqual([
      "(whole): found more than 1000 bytes in all, expected fewer",
    ]);
  });

  it("the first 20 problems are enough", () => {
    const check = new WorkspaceCheck({ ...limits, entries: 100 });
    for (let number = 0; number < 30; number++) check.place(entry(`top/${number}`, { type: "fifo" }));
    expect(check.problems).toHaveLength(20);
    expect(check.hopeless).toBe(true);
  });
});
