import { describe, expect, it } from "vitest";
import { bmapSizes, reasonIn } from "./result.ts";
import { catalogueTable } from "./table.ts";

const MIB = 1024 * 1024;
const machine = { architecture: "x64", processors: 2 };

describe("the catalogue's table", () => {
  it("has a row for each board, by name, with what was measured or why nothing was", () => {
    const sizes = { image: 1796 * MIB, used: 829 * MIB, packages: 756 * MIB, compressed: 304 * MIB };
    const table = catalogueTable(
      [
        {
          board: { title: "Two", architecture: "armhf" },
          result: { outcome: "failed", inputs: "", reason: "a | b" },
        },
        {
          board: { title: "Three", architecture: "arm64" },
          result: { outcome: "skipped", reason: "needs its vendor's bl1" },
        },
        {
          board: { title: "One", architecture: "arm64" },
          result: {
            ...{ outcome: "built", inputs: "", seconds: 231.6, examples: 436, sizes },
            ...{ standIns: ["bl1"], otherSources: true },
          },
        },
      ],
      machine,
    );
    expect(table.split("\n").slice(4)).toEqual([
      "| One | arm64 | built and tested; stand-ins for bl1; packages by a list given by hand | 232 | 436 | 1796 | 829 | 756 | 304 |",
      "| Three | arm64 | not built: needs its vendor's bl1 |  |  |  |  |  |  |",
      "| Two | armhf | failed: a \\| b |  |  |  |  |  |  |",
    ]);
    expect(table).toContain("Built on x64 with 2 processors.");
  });
});

describe("what the builder left", () => {
  it("tells the reason by its last error, and what apt said", () => {
    expect(reasonIn("==> x\nE: no such list\nerror: a\nerror: apt-get | exit code 100\n", 1)).toBe(
      "apt-get | exit code 100 — E: no such list",
    );
    expect(reasonIn("==> x\n", 137)).toBe("the builder ended with 137");
  });

  it("tells sizes by its block map", () => {
    const bmap =
      "<ImageSize> 8192 </ImageSize><BlockSize> 4096 </BlockSize><MappedBlocksCount> 1 </MappedBlocksCount>";
    expect(bmapSizes(bmap)).toEqual({ image: 8192, used: 4096 });
    expect(() => bmapSizes("<bmap/>")).toThrow("found no ImageSize");
  });
});
