import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sameInstallation } from "./npm.js";
import { commandPath, run } from "./process.js";
import { atLeast, parseVersion } from "./version.js";

describe("versions", () => {
  it.each([
    ["git version 2.39.5", [2, 39, 5]],
    ["Python 3.11.7", [3, 11, 7]],
    ["go1.26.8", [1, 26, 8]],
    ["v3.259.0", [3, 259, 0]],
    ["3.259.0-alpha.1+abc", [3, 259, 0]],
    ["go1.21", [1, 21, 0]],
    ["devel", undefined],
  ])("reads %s", (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it.each([
    ["v3.248.0", "3.248.0", true],
    ["v3.247.9", "3.248.0", false],
    ["v4.0.0", "3.248.0", true],
    ["git version 2.9.1", "2.28", false],
    ["", "1.0", false],
  ])("%s against %s is %s", (found, wanted, answer) => {
    expect(atLeast(found, wanted)).toBe(answer);
  });

  it("orders any two versions one way", () => {
    const version = fc.tuple(fc.nat(300), fc.nat(300), fc.nat(300)).map((parts) => parts.join("."));
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(atLeast(a, b) && atLeast(b, a)).toBe(a === b);
        expect(atLeast(a, b) || atLeast(b, a)).toBe(true);
      }),
    );
  });
});

describe("whether node_modules is what the lock file asks for", () => {
  const wanted = {
    "": { version: "0.1.0" },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/b-darwin": { version: "1.0.0", integrity: "sha512-b", optional: true },
  };
  const a = { "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } };

  it("it is, without the packages of other platforms", () => {
    expect(sameInstallation(wanted, a)).toBe(true);
  });

  it.each([
    ["a package is lacking", {}],
    ["a version differs", { "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } }],
    ["a content differs", { "node_modules/a": { version: "1.0.0", integrity: "sha512-x" } }],
    ["there is one too many", { ...a, "node_modules/c": { version: "1.0.0" } }],
  ])("it is not when %s", (_, installed) => {
    expect(sameInstallation(wanted, installed)).toBe(false);
  });
});

describe("running a command", () => {
  it("gives exit code, output and lines, the last one too", async () => {
    const lines: string[] = [];
    const result = await run("sh", ["-c", "echo one; echo two >&2; exit 3"], {
      onLine: (line) => lines.push(line),
    });
    expect(result).toEqual({ code: 3, stdout: "one\n", stderr: "two\n" });
    expect(lines.sort()).toEqual(["one", "two"]);
  });

  it("calls a missing command 127 and one that takes too long 124", async () => {
    expect((await run("no-such-command-here", [])).code).toBe(127);
    expect((await run("sleep", ["60"], { timeoutSeconds: 0.05 })).code).toBe(124);
  });

  it("finds commands of the machine, not those that npm packages bring", () => {
    expect(commandPath("sh", "/nowhere:/bin")).toBe("/bin/sh");
    expect(commandPath("sh", "/nowhere")).toBeUndefined();
    expect(commandPath("tsc", "node_modules/.bin")).toBeUndefined();
  });
});
