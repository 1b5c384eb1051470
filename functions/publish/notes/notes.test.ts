import { describe, expect, it } from "vitest";
import { markdown, markdownLine } from "../../lib/markdown.ts";
import { type NotesInput, releaseNotes } from "./notes.ts";
import { packageChanges, readPackages } from "./packages.ts";

const A = "a".repeat(64);
const Z = "\u200b";

const input: NotesInput = {
  tag: "v1.1.0",
  kind: "image",
  repositoryUrl: "https://github.example/hypriot/board",
  location: "s3://artifacts/releases/board/v1.1.0",
  previous: "v1.0.0",
  commits: [
    { sha: "1".repeat(40), message: "First\n\nbody", author: "porter" },
    { sha: "2".repeat(40), message: "Second", author: "porter" },
  ],
  totalCommits: 2,
  pullRequests: [{ number: 7, title: "Better", author: "porter" }],
  packages: new Map([
    [
      "hypriotos",
      packageChanges(
        new Map([
          ["apt", "3.0.3"],
          ["gone", "1"],
          ["same", "1"],
        ]),
        new Map([
          ["apt", "3.0.4"],
          ["new", "2"],
          ["same", "1"],
        ]),
      ),
    ],
  ]),
  pins: [
    {
      dependency: "rootfs",
      name: "arm64",
      url: "s3://artifacts/releases/os-rootfs/v1.0.0/rootfs.tar.zst",
      sha256: A,
    },
  ],
  assets: [{ name: "hypriotos.img.zst", size: 10, sha256: A, source: { path: "hypriotos.img.zst" } }],
  publicKey: "the key\n",
};

describe("releaseNotes", () => {
  it("tell what changed, what it stands on, how to flash and how to verify", () => {
    expect(releaseNotes(input)).toBe(`## Pull requests

- Better ([pull request 7](https://github.example/hypriot/board/pull/7) by porter)

## Commits

- [\`2222222\`](https://github.example/hypriot/board/commit/${"2".repeat(40)}) Second (porter)
- [\`1111111\`](https://github.example/hypriot/board/commit/${"1".repeat(40)}) First (porter)

[All changes since v1\\.0\\.0](https://github.example/hypriot/board/compare/v1.0.0...v1.1.0)

## Packages

- added new 2
- removed gone 1
- apt 3\\.0\\.3 → 3\\.0\\.4

## Stands on

|  | from | SHA-256 |
| --- | --- | --- |
| rootfs arm64 | s3:&#8203;//artifacts/releases/os\\-rootfs/v1\\.0\\.0/rootfs\\.tar\\.zst | \`${A}\` |

## Flash

\`\`\`sh
curl -LO https://github.example/hypriot/board/releases/download/v1.1.0/hypriotos.img.zst
zstd -dc hypriotos.img.zst | sudo dd of=/dev/sdX bs=4M conv=fsync status=progress  # sdX is the SD card
\`\`\`

## Verify

\`\`\`sh
curl -LO https://github.example/hypriot/board/releases/download/v1.1.0/SHA256SUMS -LO https://github.example/hypriot/board/releases/download/v1.1.0/SHA256SUMS.sig
openssl dgst -sha256 -verify release-key.pem -signature SHA256SUMS.sig SHA256SUMS
sha256sum --check --ignore-missing SHA256SUMS
\`\`\`

[\`release-key.pem\`](https://github.example/hypriot/board/blob/HEAD/release-key.pem) is the pipeline's public key. Keep it from an earlier release, or compare it with where you trust it from:

\`\`\`text
the key
\`\`\`

## Checksums

| file | bytes | SHA-256 |
| --- | --- | --- |
| hypriotos\\.img\\.zst | 10 | \`${A}\` |`);
  });

  it("of the first release tell no changes; of a root filesystem how to pin it", () => {
    const path = "rootfs-arm64-v1.1.0.tar.zst";
    const first = releaseNotes({
      ...input,
      kind: "rootfs",
      previous: undefined,
      commits: [],
      totalCommits: 0,
      pullRequests: [],
      packages: new Map(),
      pins: [],
      assets: [{ name: path, size: 1, sha256: A, source: { path } }],
    });
    expect(first.startsWith("## Pin it")).toBe(true);
    const pins: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(first)?.[1] ?? "");
    expect(pins).toEqual({
      version: 1,
      rootfs: { arm64: { url: `s3://artifacts/releases/board/v1.1.0/${path}`, sha256: A } },
    });
  });

  it("of a kernel tell how to pin it", () => {
    const path = "kernel-arm64-16k-arm64-1.1.0.deb";
    const assets = [path, `${path}.sha256`].map((name) => ({
      name,
      size: 1,
      sha256: A,
      source: { path: name },
    }));
    const notes = releaseNotes({ ...input, kind: "kernel", pins: [], assets });
    expect(JSON.parse(/```json\n([\s\S]*?)```/.exec(notes)?.[1] ?? "")).toEqual({
      version: 1,
      kernel: { arm64: { url: `s3://artifacts/releases/board/v1.1.0/${path}`, sha256: A } },
    });
  });

  it("fit into what GitHub takes, and keep how to verify", () => {
    const name = (index: number) => `package-with-a-long-name-${"x".repeat(900)}${index}`;
    const added = Array.from({ length: 5000 }, (_, index) => ({ name: name(index), version: "1" }));
    const packages = new Map([["a", { added, removed: [], changed: [] }]]);
    const notes = releaseNotes({ ...input, packages, commits: [], totalCommits: 1000 });
    expect(notes.length).toBeLessThanOrEqual(120_000);
    expect(notes).toContain("- and more\n\n## Stands on");
    expect(notes).toContain("## Verify");
  });

  it("count commits that are not shown", () => {
    const commits = Array.from({ length: 150 }, (_, index) => ({
      sha: String(index).padStart(40, "0"),
      message: `Commit ${index}`,
      author: "porter",
    }));
    const notes = releaseNotes({ ...input, commits, totalCommits: 400 });
    expect(notes).toContain("- and 300 more");
    expect(notes).toContain("Commit 149");
    expect(notes).not.toContain("Commit 49 ");
  });
});

describe("somebody else's text", () => {
  it.each([
    ["Ping @everyone and @hypriot/team", `Ping @&#8203;everyone and @&#8203;hypriot/team`],
    ["fixes #12, GH-3", "fixes #&#8203;12, GH&#8203;\\-3"],
    ["![x](https://evil.example/?q)", "\\!\\[x\\]\\(https:&#8203;//evil\\.example/?q\\)"],
    ["<script>alert(1)</script>", "&lt;script&gt;alert\\(1\\)&lt;/script&gt;"],
    ["<!-- &copy; -->", "&lt;\\!\\-\\- &amp;copy; \\-\\-&gt;"],
    ["`code` **bold** | cell", "\\`code\\` \\*\\*bold\\*\\* \\| cell"],
    ["see www.evil.example", "see www&#8203;\\.evil\\.example"],
    ["revert deadbeef", "revert dea&#8203;dbeef"],
    ["back\\slash", "back\\\\slash"],
  ])("%s", (text, shown) => {
    expect(markdown(text)).toBe(shown);
  });

  it("has no control characters, no other direction, one line, and an end", () => {
    expect(markdownLine("a\u001b[31m\u202eb\nc\u0000", 100)).toBe("a␛\\[31m&lt;U\\+202E&gt;b c␀");
    expect(markdownLine("x".repeat(500), 120)).toHaveLength(120);
    expect(markdownLine(`${Z}@me`, 20)).toBe("&lt;U\\+200B&gt;@&#8203;me");
  });

  it("stays one item of its list", () => {
    const message = "a\r# Title\u2028- item";
    const notes = releaseNotes({ ...input, commits: [{ sha: "1".repeat(40), message, author: "*me*" }] });
    expect(notes).toContain(") a (\\*me\\*)\n");
    expect(notes).not.toContain("# Title");
  });
});

describe("packages", () => {
  it("are read as the builder writes them", () => {
    const text = "adduser\t3.152\tall\nbase-files\t13.8+deb13u8\tarm64\n\nbad\tline`\n";
    expect([...readPackages(text)]).toEqual([
      ["adduser", "3.152"],
      ["base-files", "13.8+deb13u8"],
    ]);
  });
});
