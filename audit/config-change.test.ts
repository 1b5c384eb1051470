import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { besideSettings, readUntrusted } from "../scripts/lib/config-change.ts";
import { configReport } from "./config-change.ts";

const root = join(import.meta.dirname, "..");
const base = readFileSync(join(root, "stacks/Pulumi.production.yaml"), "utf8");

/** The report of a stack file that somebody edited, or wrote anew. */
function report(edit: (file: ReturnType<typeof parseDocument>) => unknown): string {
  const file = parseDocument(base);
  const edited = edit(file);
  const head = typeof edited === "string" ? edited : file.toString();
  return configReport({
    stack: "production",
    commit: "0123456789abcdef",
    base: readUntrusted(root, "production", base),
    head: readUntrusted(root, "production", head),
    beside: { base: besideSettings(base), head: besideSettings(head) },
  });
}

const section = (name: string, ...path: string[]) => ["config", `hypriotos:${name}`, ...path];

describe("the report of a stranger's stack file", () => {
  it("says that nothing changes, comments and order aside", () => {
    const text = report((file) => {
      file.commentBefore = " mine";
    });
    expect(text).toContain("The settings are the same.");
  });

  it("tells what a setting was and becomes, and which board comes or goes", () => {
    const text = report((file) => {
      file.setIn(section("protection", "approvals"), 0);
      file.deleteIn(section("boards", "shield-tv"));
      file.setIn(section("boards", "pine-a64", "renamedFrom"), "pine");
    });
    expect(text).toContain("**3 settings changed**");
    expect(text).toContain("- `protection.approvals`: `1` → `0`");
    expect(text).toContain("- `boards.shield-tv` **goes**");
    expect(text).toContain("- `boards.pine-a64.renamedFrom`: nothing → `pine`");
  });

  it("tells of what the engine would read beside the settings, and shows no secret", () => {
    const text = report((file) => {
      file.setIn(["config", "aws:endpoints"], [{ s3: "https://elsewhere.example" }]);
      file.setIn(["config", "hypriotos:githubAppPrivateKey"], { secure: "v1:cipher:text" });
    });
    expect(text).toContain("`aws:endpoints`: nothing → ");
    expect(text).toMatch(/`githubAppPrivateKey`: nothing → `a secret \([0-9a-f]{8}\)`/);
    expect(text).not.toContain("cipher");
  });

  it.each([
    [
      "a file that is wrong",
      (file: ReturnType<typeof parseDocument>) => void file.setIn(section("protection", "approvals"), 9),
      "approvals: found 9",
    ],
    ["no YAML", () => "config: [", "**The stack file is refused.**"],
    [
      "markup in what was found",
      (file: ReturnType<typeof parseDocument>) =>
        void file.setIn(section("organization", "name"), "```\n@team\u001b[2J"),
      "**The stack file is refused.**",
    ],
  ])("refuses %s", (_what, edit, said) => {
    const text = report(edit);
    expect(text).toContain(said);
    expect(text).not.toContain("\u001b");
  });
});
