import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configPlacement, parseArguments, takeOptional } from "./arguments.ts";

describe("a command line", () => {
  it("means the local stack when it names none", () => {
    expect(parseArguments([])).toEqual({
      stack: "local",
      configFile: undefined,
      switches: new Set(),
      rest: [],
    });
  });

  it.each([[["--stack", "staging"]], [["--stack=staging"]], [["-s", "staging"]]])(
    "takes a stack from %j",
    (argv) => {
      expect(parseArguments(argv).stack).toBe("staging");
    },
  );

  it("keeps what is the engine's in its order", () => {
    expect(parseArguments(["config", "set", "--stack", "a", "--path", "x", "y"]).rest).toEqual([
      "config",
      "set",
      "--path",
      "x",
      "y",
    ]);
  });

  it("takes its own switches out and leaves the engine's", () => {
    const { switches, rest } = parseArguments(["--force", "--parallel", "3"], ["force", "purge"]);
    expect([...switches]).toEqual(["force"]);
    expect(rest).toEqual(["--parallel", "3"]);
  });

  it("hands everything after -- to the engine", () => {
    const { stack, rest } = parseArguments(["up", "--", "--stack", "x", "--force"], ["force"]);
    expect(stack).toBe("local");
    expect(rest).toEqual(["up", "--stack", "x", "--force"]);
  });

  it("passes on whatever has none of its own options", () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !/^(--$|--stack|-s$|--config-file)/.test(text));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(parseArguments(words).rest).toEqual(words);
      }),
    );
  });

  it.each([
    [["--stack"], "--stack: found nothing, expected a stack's name"],
    [["--stack", "--force"], "--stack: found --force, expected a stack's name"],
    [["--config-file", ""], "--config-file: found , expected a path"],
    [["--stack", "../x"], '--stack: found ../x, expected a name of letters, digits, ".", "-" and "_"'],
  ])("refuses %j", (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(new Error(message));
  });
});

describe("takeOptional", () => {
  it.each([
    [["--comment", "a/b#1", "x"], "a/b#1", ["x"]],
    [["--comment=a/b#1", "x"], "a/b#1", ["x"]],
    [["x", "--comment"], "", ["x"]],
    [["--comment", "--diff"], "", ["--diff"]],
    [["x"], undefined, ["x"]],
  ])("of %j has the value %s", (words, value, rest) => {
    expect(takeOptional(words, "--comment")).toEqual({ value, rest });
  });
});

describe("the place of the composed stack file", () => {
  it.each([
    ["up", "option"],
    ["config", "option"],
    ["stack", "folder"],
    ["state", "folder"],
    ["whoami", "none"],
    [undefined, "none"],
  ])("for %s is told by %s", (command, placement) => {
    expect(configPlacement(command)).toBe(placement);
  });
});
