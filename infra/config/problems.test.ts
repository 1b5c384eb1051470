import fc from "fast-check";
import { expect, describe as group, it } from "vitest";
import { describe, formatPath, quote, secretKind } from "./problems.ts";

group("formatPath", () => {
  it.each([
    [["boards", "banana-pi", "boot", "offsetKiB"], "hypriotos:boards.banana-pi.boot.offsetKiB"],
    [["runners", "a", "architectures", 1], "hypriotos:runners.a.architectures[1]"],
    [["boards", "a.b"], 'hypriotos:boards["a.b"]'],
    [["boards", 'a"]\n'], 'hypriotos:boards["a\\"]\\n"]'],
    [["a b"], 'hypriotos:"a b"'],
    [[""], 'hypriotos:""'],
    [["tags", "ghp_0123456789abcdefghij"], "hypriotos:tags[what looks like a GitHub token]"],
    [["a", ...Array.from({ length: 13 }, () => 0)], `hypriotos:a${"[0]".repeat(12)}…`],
  ])("writes %j", (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

group("quote", () => {
  it("escapes what does not print, hides, or turns text around", () => {
    expect(quote("a\u0000\u001b[31m\u0085\u202e\u2028\ufeff\u{e0041}ä")).toBe(
      '"a\\u0000\\u001b[31m\\u0085\\u202e\\u2028\\ufeff\\udb40\\udc41ä"',
    );
  });

  it("is one printable line of bounded length for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(quote(text)).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{1,800}$/u);
      }),
    );
  });
});

group("describe", () => {
  it.each([
    [undefined, "nothing"],
    [null, "nothing (null)"],
    ["a", '"a"'],
    [3.1, "3.1"],
    [false, "false"],
    [[], "an empty list"],
    [[1, 2], "a list of 2"],
    [{}, "an empty mapping"],
    [{ a: 1, "b c": 2, d: 3, e: 4, f: 5, g: 6 }, 'a mapping with a, "b c", d, e and 2 more'],
    [{ secure: "v1:abc" }, "a secret"],
  ])("says of %j: %s", (value, text) => {
    expect(describe(value)).toBe(text);
  });
});

group("secretKind", () => {
  it.each([
    ["-----BEGIN PRIVATE KEY-----\nabc", "a private key"],
    ["-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"],
    ["ghs_0123456789abcdefghij", "a GitHub token"],
    ["token=github_pat_0123456789abcdefghij", "a GitHub token"],
    ["ASIAIOSFODNN7EXAMPLE", "an AWS access key"],
    ["https://a:b@c", "a URL with a password"],
  ])("sees in %j %s", (text, kind) => {
    expect(secretKind(text)).toBe(kind);
  });

  it.each([
    "-----BEGIN PUBLIC KEY-----",
    "ssh://builder@arm-1:22",
    "http://[::1]:80/a@b",
    "ghp_short",
    "v1.2.3",
  ])("sees none in %j", (text) => {
    expect(secretKind(text)).toBeUndefined();
  });

  it("takes no longer than the text is long", () => {
    expect(secretKind(`a://${":".repeat(1_000_000)}`)).toBeUndefined();
  });
});
