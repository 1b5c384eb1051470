import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { VersionsDocument } from "../../contracts/versions.ts";
import { checkStackFile } from "../lib/stack-check.ts";
import { catalogueOptions, chosen } from "./options.ts";
import { boardRepository, folderDigest, missing, sha256, standIn, vendorFiles } from "./repository.ts";

const ROOT = join(import.meta.dirname, "../..");
const { boards } = checkStackFile(
  ROOT,
  "production",
  readFileSync(join(ROOT, "stacks/Pulumi.production.yaml"), "utf8"),
);
const folder = mkdtempSync(join(tmpdir(), "hypriotos-catalogue-test-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const board = (name: string) => {
  const [[, found] = []] = chosen(boards, [name]);
  if (found === undefined) throw new Error(name);
  return found;
};
const rootfs = { url: "s3://bucket/builds/os-rootfs/0/rootfs.tar.zst", sha256: "a".repeat(64) };

describe("a board's checkout", () => {
  it("pins what its boot loader is made of, made up where nothing is pinned", () => {
    const own = { url: "https://example.org/bl1", sha256: "b".repeat(64) };
    const standIns = boardRepository(ROOT, folder, {
      ...{ name: "odroid-c2", board: board("odroid-c2"), rootfs },
      pins: { firmware: { bl1: own } },
    });
    expect(standIns).toEqual(["u-boot"]);
    const versions = VersionsDocument.parse(JSON.parse(readFileSync(join(folder, "versions.json"), "utf8")));
    expect(versions.rootfs).toEqual({ arm64: rootfs });
    expect(versions.firmware).toMatchObject({ bl1: own, "u-boot": { url: "stand-ins/u-boot" } });
    expect(readFileSync(join(folder, "stand-ins/u-boot")).length).toBe(2048 * 1024);
  });

  it("has another digest when a file of it changes its name or content", () => {
    const make = (name: string) =>
      boardRepository(ROOT, folder, { name, board: board("pine-a64"), rootfs, pins: {} });
    make("pine-a64");
    const before = folderDigest(folder);
    make("pine-a64");
    expect(folderDigest(folder)).toBe(before);
    make("other");
    expect(folderDigest(folder)).not.toBe(before);
    expect(sha256("a", "bc")).not.toBe(sha256("ab", "c"));
  });
});

describe("what is missing", () => {
  it.each([
    ["odroid-c2", false, "needs its vendor's bl1, u-boot"],
    ["odroid-c2", true, undefined],
    ["raspberry-pi-5", true, "needs a kernel of the pipeline's own"],
    ["pine-a64", false, undefined],
  ])("of %s, with stand-ins %s", (name, standIns, expected) => {
    expect(missing(board(name), {}, standIns)).toBe(expected);
  });

  it("is nothing where all is pinned", () => {
    expect(missing(board("odroid-c2"), { firmware: { bl1: {}, "u-boot": {} } }, false)).toBeUndefined();
    expect([...vendorFiles(board("odroid-c2"))]).toEqual([
      ["bl1", 48.5 * 1024],
      ["u-boot", 2048 * 1024],
    ]);
  });
});

it("makes stand-ins that are different at every place", () => {
  const lines = standIn("bl1", 1000).toString().split("\n");
  expect(standIn("bl1", 1000).length).toBe(1000);
  expect(new Set(lines).size).toBe(lines.length);
});

describe("the command line", () => {
  it("takes boards, sources and a place", () => {
    const options = catalogueOptions(
      ["--board", "pine-a64", "--stand-ins", "--sources", "armhf=/x", "--output", "/y"],
      "/cache",
    );
    expect(options).toMatchObject({ boards: ["pine-a64"], standIns: true, output: "/y", write: true });
    expect([...options.sources]).toEqual([["armhf", "/x"]]);
    expect(catalogueOptions([], "/cache").output).toBe("/cache/hypriotos-catalogue");
  });

  it("names what is wrong", () => {
    expect(() => catalogueOptions(["--sources", "mips=/x", "--sources", "armhf"], "/c")).toThrow(
      '--sources: found "mips=/x", expected <architecture>=<file>, such as armhf=sources.list\n--sources: found "armhf"',
    );
    expect(() => chosen(boards, ["pine"])).toThrow('--board: found "pine", expected one of banana-pi, ');
  });
});
