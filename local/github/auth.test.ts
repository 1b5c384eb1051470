import { createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { credentials, type Identity, Tokens, verifyAppToken } from "./auth.ts";
import type { App } from "./host/rows.ts";

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

test.each([
  ["Bearer abc", { scheme: "token", value: "abc" }],
  ["token abc", { scheme: "token", value: "abc" }],
  [basic("x-access-token:abc"), { scheme: "token", value: "abc" }],
  [basic("anybody:a:b"), { scheme: "token", value: "a:b" }],
  [basic("abc:"), { scheme: "token", value: "abc" }],
  [basic("abc:x-oauth-basic"), { scheme: "token", value: "abc" }],
  ["Bearer eyJh.eyJp.c2ln", { scheme: "jwt", value: "eyJh.eyJp.c2ln" }],
  ["abc", undefined],
  [undefined, undefined],
])("%s", (header, expected) => {
  expect(credentials(header)).toEqual(expected);
});

describe("an App's token", () => {
  const keys = () =>
    generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
    }).privateKey;
  const [key, other] = [keys(), keys()];
  const apps = [{ app_id: 7, private_key: key } as App];
  const now = 1_800_000_000;
  const sign = (payload: object, by = key, alg = "RS256") => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg })}.${part(payload)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(by, "base64url")}`;
  };
  const valid = { iss: 7, iat: now - 30, exp: now + 500 };
  const appOf = (token: string) => verifyAppToken(token, apps, now * 1000)?.app_id;

  test("is taken with the id as number or text", () => {
    expect(appOf(sign(valid))).toBe(7);
    expect(appOf(sign({ ...valid, iss: "7" }))).toBe(7);
  });

  test.each([
    ["another key", sign(valid, other)],
    ["another App", sign({ ...valid, iss: 8 })],
    ["it has expired", sign({ ...valid, exp: now - 1 })],
    ["it lives too long", sign({ ...valid, exp: now + 3600 })],
    ["it is from the future", sign({ ...valid, iat: now + 300 })],
    ["it is not signed", sign(valid, key, "none")],
    ["it is no token", "eyJ.x.y"],
  ])("is refused: %s", (_why, token) => {
    expect(appOf(token)).toBeUndefined();
  });
});

test("an installation's token ends after an hour, others do not", () => {
  const tokens = new Tokens(() => undefined);
  const user: Identity = { login: "maintainer", id: 1, scopes: [] };
  const installation = {
    installationId: 1,
    appId: 1,
    accountId: 1,
    accountType: "Organization" as const,
    permissions: {},
    repositoryIds: [],
    repositorySelection: "all" as const,
  };
  tokens.set("user", user).set("app", { ...user, installation });
  expect(tokens.get("user")).toEqual(user);
  const left = Date.parse(tokens.get("app")?.expiresAt ?? "") - Date.now();
  expect(left).toBeGreaterThan(59 * 60 * 1000);
  tokens.set("old", { ...user, installation, expiresAt: new Date(Date.now() - 1).toISOString() });
  expect(tokens.get("old")).toBeUndefined();
  expect(tokens.get("unknown")).toBeUndefined();
});
