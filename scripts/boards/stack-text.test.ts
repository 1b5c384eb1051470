import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { stackFiles } from "../../infra/config/stack-files.ts";
import { withBoard } from "./stack-text.ts";

const ROOT = join(import.meta.dirname, "../..");
const board = {
  name: "new",
  entry: { title: "New: board", boot: { method: "raspi-firmware" }, deviceTrees: ["a.dtb"] },
};

const lines = `  new:
    title: "New: board"
    boot:
      method: raspi-firmware
    deviceTrees:
      - a.dtb
`;

describe("a stack file with one more board", () => {
  it.each([...stackFiles(join(ROOT, "stacks"))])("of %s keeps every byte that was there", (_stack, path) => {
    const before = readFileSync(path, "utf8");
    const after = withBoard(before, board);
    const added = lines.replaceAll(/^/gm, "  ").trimEnd().concat("\n");
    expect(after.length).toBe(before.length + added.length);
    expect(after.replace(added, "")).toBe(before);
    expect(parse(after).config["hypriotos:boards"].new).toEqual(board.entry);
  });

  it.each([
    [
      "comments after the last board",
      "config:\n hypriotos:boards:\n  a: {title: A} # of a\n  # the end\n\n# more\n other: 1\n",
    ],
    ["no line end", "config:\n hypriotos:boards:\n  a:\n   title: A"],
    ["Windows' line ends", "config:\r\n  hypriotos:boards:\r\n    a:\r\n      title: A\r\n"],
    [
      "a text of many lines",
      "config:\n  hypriotos:boards:\n    a:\n      title: |\n        A\n        B\n\n  other: 1\n",
    ],
    ["boards in one line", "config:\n  hypriotos:boards: {a: {title: A}} # all\n"],
    ["no boards yet", "# mine\nconfig:\n  hypriotos:boards: {}\n"],
    ["boards that are null", "# mine\nconfig:\n  hypriotos:boards:\n  other: 1 # one\n"],
    ["no config yet", "# mine\n"],
    [
      "boards that share",
      "config:\n  hypriotos:boards:\n    a: &a\n      title: A\n    b:\n      <<: *a\n    c: *a\n",
    ],
  ])("takes %s, and keeps comments", (_what, text) => {
    const after = withBoard(text, board);
    const before = parse(text) ?? {};
    expect(parse(after)).toEqual({
      ...before,
      config: {
        ...before.config,
        "hypriotos:boards": { ...before.config?.["hypriotos:boards"], new: board.entry },
      },
    });
    for (const [comment] of text.matchAll(/#.*/g)) expect(after).toContain(comment.trim());
  });

  it("says what the old one says, and the board, whatever its boards are", () => {
    const title = fc.string({ minLength: 1, maxLength: 20 });
    const boards = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.record({ title }), {
      minKeys: 1,
      maxKeys: 4,
    });
    fc.assert(
      fc.property(boards, title, fc.constantFrom(1, 2, 4), (some, text, indent) => {
        const config = { config: { "hypriotos:boards": some, after: 1 } };
        const after = withBoard(stringify(config, { indent }), { name: "the-new", entry: { title: text } });
        expect(parse(after)).toEqual({
          config: { "hypriotos:boards": { ...some, "the-new": { title: text } }, after: 1 },
        });
      }),
    );
  });

  it("is refused where the name is taken, and where the file is no YAML", () => {
    const text = "config:\n  hypriotos:boards:\n    new:\n      title: A\n";
    expect(() => withBoard(text, board)).toThrow('--name: found "new", expected another name');
    expect(() => withBoard("a: [", board)).toThrow("the stack file is no YAML");
  });
});
