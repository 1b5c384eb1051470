import type { Identity } from "../auth.ts";
import { type Context, HttpError } from "../host/router.ts";
import { findRepository, type Repository, type Tables } from "../host/rows.ts";

export function identityOf(context: Context): Identity | undefined {
  return context.get("authUser") as Identity | undefined;
}

export function requireIdentity(context: Context): Identity {
  const identity = identityOf(context);
  if (identity === undefined) throw new HttpError(401, "Requires authentication");
  return identity;
}

/** The repository of the path; the server has already checked that the caller may do this with it. */
export function repositoryOf(db: Tables, context: Context): Repository {
  const found = findRepository(db, context.req.param("owner"), context.req.param("repo"));
  if (found === undefined) throw new HttpError(404, "Not Found");
  return found;
}

/** One page of a list, with the `Link` header that clients follow. */
export function page<T>(context: Context, rows: readonly T[]): T[] {
  const number = (name: string, standard: number, highest: number) => {
    const value = Number.parseInt(context.req.query(name) ?? "", 10);
    return Number.isNaN(value) ? standard : Math.min(highest, Math.max(1, value));
  };
  const size = number("per_page", 30, 100);
  const current = number("page", 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(rows.length / size));
  const link = (to: number, relation: string) => {
    const url = new URL(context.url);
    url.searchParams.set("page", String(to));
    return `<${url.href}>; rel="${relation}"`;
  };
  const links = [
    ...(current > 1 ? [link(current - 1, "prev")] : []),
    ...(current < last ? [link(current + 1, "next"), link(last, "last")] : []),
    ...(current > 1 ? [link(1, "first")] : []),
  ];
  if (links.length > 0) context.header("Link", links.join(", "));
  return rows.slice((current - 1) * size, current * size);
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function invalid(message: string, errors?: readonly unknown[]): HttpError {
  return new HttpError(422, message, errors);
}
