import { describe, expect, it } from "vitest";
import type { Artifact, Manifest } from "../../contracts/manifest.ts";
import { assetName, planRelease, withChecksums } from "./plan.ts";
import { Refusal } from "./refusal.ts";

const artifact = (path: string, size = 1): Artifact => ({ path, size, sha256: "a".repeat(64) });
const manifest = (...artifacts: Artifact[]) =>
  ({ commit: "c".repeat(40), artifacts }) as Pick<Manifest, "commit" | "artifacts"> as Manifest;

function problems(...artifacts: Artifact[]): readonly string[] {
  try {
    planRelease(manifest(...artifacts), "v1.0.0");
    return [];
  } catch (error) {
    if (error instanceof Refusal) return error.problems;
    throw error;
  }
}

it.each([
  ["a/b/c.txt", "a-b-c.txt"],
  ["x~rc1.deb", "x.rc1.deb"],
  [".hidden", "hidden"],
  ["a+b_c.img.zst", "a+b_c.img.zst"],
])("the asset of %s is %s", (path, name) => {
  expect(assetName(path)).toBe(name);
});

describe("planRelease", () => {
  it("has every artifact, and then their checksums as sha256sum reads them", () => {
    const plan = withChecksums(planRelease(manifest(artifact("d/one", 5), artifact("two")), "v1.0.0-rc.1"));
    const text = `${"a".repeat(64)}  d-one\n${"a".repeat(64)}  two\n`;
    expect(plan).toMatchObject({ tag: "v1.0.0-rc.1", preRelease: true });
    expect(plan.assets.map(({ name, size, source }) => [name, size, source])).toEqual([
      ["d-one", 5, { path: "d/one" }],
      ["two", 1, { path: "two" }],
      ["SHA256SUMS", text.length, { content: Buffer.from(text) }],
    ]);
  });

  it("names everything that GitHub would not take", () => {
    expect(
      problems(
        artifact("a/b"),
        artifact("A-B"),
        artifact("empty", 0),
        artifact("big", 2 ** 31),
        artifact("sha256sums"),
        artifact("Provenance.intoto.jsonl"),
        artifact("~"),
      ),
    ).toEqual([
      "A-B: found a/b with the asset name A-B too, expected names of their own",
      "empty: found an empty file, expected at least 1 byte: GitHub takes no other",
      "big: found 2147483648 bytes, expected at most 2147483647: GitHub takes no more",
      "sha256sums: found the checksum file with the asset name sha256sums too, expected names of their own",
      "Provenance.intoto.jsonl: found the provenance with the asset name Provenance.intoto.jsonl too, expected names of their own",
      "~: found no letter or digit, expected a name that an asset can have",
    ]);
    expect(problems(artifact("big", 2 ** 31 - 1))).toEqual([]);
  });

  it("needs something to release, and not too much", () => {
    expect(problems()).toEqual(["artifacts: found none, expected something to release"]);
    const many = (count: number) => Array.from({ length: count }, (_, index) => artifact(`f${index}`));
    expect(problems(...many(997))).toEqual([]);
    expect(problems(...many(998))).toHaveLength(1);
  });
});
