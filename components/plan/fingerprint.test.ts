import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesBelow, folderFingerprint } from "./fingerprint.ts";

let folder: string;

function write(path: string, content: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, content);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fingerprint-"));
  write("b.txt", "b");
  write("a/c.txt", "c");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("folderFingerprint", () => {
  it("lists files in byte order", () => {
    write("a.txt", "");
    expect(filesBelow(folder)).toEqual(["a.txt", "a/c.txt", "b.txt"]);
  });

  it("does not see dates or the folder's place", () => {
    const first = folderFingerprint(folder);
    utimesSync(join(folder, "b.txt"), 1, 1);
    expect(folderFingerprint(folder)).toBe(first);
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), "elsewhere-"));
    write("a/c.txt", "c");
    write("b.txt", "b");
    expect(folderFingerprint(folder)).toBe(first);
  });

  it.each([
    ["a content", () => write("b.txt", "x")],
    ["a new file", () => write("z.txt", "")],
    ["a lost file", () => rmSync(join(folder, "b.txt"))],
    ["an executable bit", () => chmodSync(join(folder, "b.txt"), 0o755)],
    [
      "bytes that move from one file to the next",
      () => {
        write("a/c.txt", "cb");
        write("b.txt", "");
      },
    ],
  ])("sees %s", (_what, change) => {
    const before = folderFingerprint(folder);
    change();
    expect(folderFingerprint(folder)).not.toBe(before);
  });
});
