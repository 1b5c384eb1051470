import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  BucketName,
  OrganizationName,
  PackageName,
  RelativePath,
  RepositoryName,
  Slug,
  TeamSlug,
  Title,
} from "./names.ts";

const cases: [string, z.ZodType, { good: string[]; bad: string[] }][] = [
  [
    "Slug",
    Slug,
    {
      good: ["a", "banana-pi", "pi4", "a".repeat(40)],
      bad: ["", "A", "a--b", "-a", "a-", "a_b", "a\n", "a".repeat(41)],
    },
  ],
  [
    "OrganizationName",
    OrganizationName,
    { good: ["hypriot", "A-1"], bad: ["", "-a", "a--b", "a_b", "a".repeat(40)] },
  ],
  [
    "RepositoryName",
    RepositoryName,
    {
      good: ["os-rootfs", ".github", "a_b", "a.gitx"],
      bad: ["", ".", "..", "a.git", "a b", "a/b", "a".repeat(101)],
    },
  ],
  ["TeamSlug", TeamSlug, { good: ["core", "core-team", "a_b"], bad: ["", "Core", "core team", "-a"] }],
  [
    "PackageName",
    PackageName,
    { good: ["u-boot-sunxi", "libstdc++6", "a.b"], bad: ["a", "A1", "-ab", "a b", "a=1"] },
  ],
  [
    "BucketName",
    BucketName,
    {
      good: ["abc", "a-b-c", "0".repeat(63)],
      bad: ["ab", "Abc", "a.b", "-abc", "abc-", "xn--abc", "abc-s3alias", "0".repeat(64)],
    },
  ],
  [
    "RelativePath",
    RelativePath,
    {
      good: ["a", "a/b.c", "..a", "a...b", ".a/b"],
      bad: ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a b", "a\\b"],
    },
  ],
  [
    "Title",
    Title,
    { good: ["a", "Banana Pi M1", "Größe π"], bad: ["", " a", "a ", "a\nb", "a\u202eb", "a".repeat(101)] },
  ],
];

describe.each(cases)("%s", (_name, schema, { good, bad }) => {
  it.each(good)("takes %j", (text) => {
    expect(schema.safeParse(text).success).toBe(true);
  });

  it.each(bad)("refuses %j, with one message", (text) => {
    expect(schema.safeParse(text).error?.issues).toHaveLength(1);
  });
});
