import { createPublicKey, timingSafeEqual, verify } from "node:crypto";
import type { App } from "./host/rows.ts";

/** An installation token's reach, with the emulator's field names. */
export interface InstallationGrant {
  readonly installationId: number;
  readonly appId: number;
  readonly accountId: number;
  readonly accountType: "User" | "Organization";
  readonly permissions: Readonly<Record<string, string>>;
  readonly repositoryIds: readonly number[];
  readonly repositorySelection: "all" | "selected";
}

/** Whom a token stands for, with the emulator's field names. */
export interface Identity {
  readonly login: string;
  readonly id: number;
  readonly scopes: readonly string[];
  readonly installation?: InstallationGrant;
  /** ISO 8601; never where missing. */
  readonly expiresAt?: string;
}

const INSTALLATION_TOKEN_LIFE = 60 * 60 * 1000;

/** The tokens that are valid. The emulator's App routes add installation tokens, which end after an hour. */
export class Tokens extends Map<string, Identity> {
  constructor(private readonly changed: () => void) {
    super();
  }

  override set(token: string, identity: Identity): this {
    const limited = identity.installation !== undefined && identity.expiresAt === undefined;
    const expiresAt = new Date(Date.now() + INSTALLATION_TOKEN_LIFE).toISOString();
    super.set(token, limited ? { ...identity, expiresAt } : identity);
    this.changed?.();
    return this;
  }

  override get(token: string): Identity | undefined {
    const found = super.get(token);
    if (found?.expiresAt !== undefined && Date.parse(found.expiresAt) < Date.now()) {
      super.delete(token);
      return undefined;
    }
    return found;
  }
}

export interface Credentials {
  readonly scheme: "token" | "jwt";
  readonly value: string;
}

/** What an `Authorization` header holds: `Bearer`, `token`, or `Basic` with the token as password (or as user). */
export function credentials(header: string | undefined): Credentials | undefined {
  const [, scheme, rest] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(header ?? "") ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  if (scheme.toLowerCase() === "basic") {
    const [user = "", ...password] = Buffer.from(rest, "base64").toString("utf8").split(":");
    const token = password.join(":");
    return { scheme: "token", value: token === "" || token === "x-oauth-basic" ? user : token };
  }
  return { scheme: /^eyJ[^.]*\.[^.]+\.[^.]+$/.test(rest) ? "jwt" : "token", value: rest };
}

function decodePart(part: string | undefined): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** The App that signed a JSON web token (RS256, not expired, alive for at most ten minutes as GitHub wants). */
export function verifyAppToken(token: string, apps: readonly App[], now = Date.now()): App | undefined {
  const [header, payload, signature] = token.split(".");
  const { iss, exp, iat } = decodePart(payload);
  if (decodePart(header).alg !== "RS256" || typeof exp !== "number" || typeof iat !== "number")
    return undefined;
  const seconds = now / 1000;
  if (exp < seconds || iat > seconds + 60 || exp > seconds + 11 * 60) return undefined;
  const app = apps.find(({ app_id }) => String(app_id) === String(iss));
  if (app === undefined) return undefined;
  const signed = Buffer.from(`${header}.${payload}`);
  const valid = verify(
    "RSA-SHA256",
    signed,
    createPublicKey(app.private_key),
    Buffer.from(signature ?? "", "base64url"),
  );
  return valid ? app : undefined;
}

/** Compares secrets in constant time. */
export function sameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
