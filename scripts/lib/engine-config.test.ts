import { describe, expect, it } from "vitest";
import { composeStackFile, planWriteBack, splitStackFile } from "./engine-config.ts";

const committed = "# local\nconfig:\n  hypriotos:organization:\n    name: hypriot\n";

describe("the stack file that the engine gets", () => {
  it("has the salt in front and is otherwise the committed one, comments included", () => {
    expect(composeStackFile(committed, "v1:abc=:v1:def")).toBe(
      `encryptionsalt: v1:abc=:v1:def\n${committed}`,
    );
  });

  it("is the committed one while there is no salt", () => {
    expect(composeStackFile(committed, undefined)).toBe(committed);
  });

  it("has one salt, the machine's own, when a salt was committed by mistake", () => {
    expect(composeStackFile(`encryptionsalt: v1:theirs\n${committed}`, "v1:mine")).toBe(
      `encryptionsalt: v1:mine\n${committed}`,
    );
  });

  it("splits into what may be committed and the salt, wherever the engine has put it", () => {
    expect(splitStackFile(`${committed}encryptionsalt: v1:abc\n`)).toEqual({ committed, salt: "v1:abc" });
    expect(splitStackFile(committed)).toEqual({ committed, salt: undefined });
  });

  it("leaves a nested key of the same name alone", () => {
    const nested = "config:\n  encryptionsalt: mine\n";
    expect(splitStackFile(nested)).toEqual({ committed: nested, salt: undefined });
  });
});

describe("what is written back", () => {
  const composed = composeStackFile(committed, "v1:abc");

  it("is nothing when the engine changed nothing", () => {
    expect(planWriteBack(committed, composed, committed)).toEqual({ kind: "unchanged" });
  });

  it("is nothing when the engine only added a salt", () => {
    expect(planWriteBack(committed, `${committed}encryptionsalt: v1:new\n`, committed)).toEqual({
      kind: "unchanged",
    });
  });

  it("is the edit without the salt", () => {
    expect(planWriteBack(committed, `${composed}  hypriotos:tags: {}\n`, committed)).toEqual({
      kind: "write",
      text: `${committed}  hypriotos:tags: {}\n`,
    });
  });

  it("is a conflict when the committed file was edited meanwhile, unless to the same", () => {
    const edited = `${composed}  hypriotos:tags: {}\n`;
    expect(planWriteBack(committed, edited, `${committed}# note\n`)).toEqual({ kind: "conflict" });
    expect(planWriteBack(committed, edited, `${committed}  hypriotos:tags: {}\n`)).toEqual({
      kind: "unchanged",
    });
  });
});
