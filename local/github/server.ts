import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { allowed, permissionLevel, repositoryCreator, within } from "./access.ts";
import { credentials, type Identity, verifyAppToken } from "./auth.ts";
import { type RequestState, requestState } from "./context.ts";
import type { Front } from "./front.ts";
import { parseGitRequest } from "./git/http-backend.ts";
import { handleGit } from "./git-requests.ts";
import { Context, HttpError, type Reply } from "./host/router.ts";
import { findRepository, type Repository } from "./host/rows.ts";
import { answerPreReceive } from "./pre-receive.ts";
import { followRefs } from "./ref-events.ts";

const DOCUMENTATION = "https://docs.github.com/rest";
/** Where clients of a GitHub on a host of its own look for the API. */
const PREFIX = /^\/api\/(?:v3|uploads)(?=\/|$)/;

function errorReply(status: number, message: string, errors?: readonly unknown[]): Reply {
  const body = {
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: DOCUMENTATION,
    status: String(status),
  };
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8" },
    body: JSON.stringify(body),
  };
}

/** Errors of the front and of the emulator's routes both have a `status`. */
function replyOfError(error: unknown): Reply {
  const { status, errors } = (error ?? {}) as { status?: unknown; errors?: unknown };
  const message = error instanceof Error ? error.message : "Internal Server Error";
  if (typeof status === "number")
    return errorReply(status, message, Array.isArray(errors) ? errors : undefined);
  if (error instanceof SyntaxError) return errorReply(400, "Problems parsing JSON");
  console.error(error);
  return errorReply(500, message);
}

/** Who asks: nothing without credentials, an error with wrong ones. Sets what the emulator's routes look for. */
function authenticate(front: Front, context: Context): Identity | undefined {
  const given = credentials(context.req.header("authorization"));
  if (given === undefined) return undefined;
  if (given.scheme === "jwt") {
    const app = verifyAppToken(given.value, front.db.apps.all());
    if (app === undefined) throw new HttpError(401, "A JSON web token could not be decoded");
    context.set("authApp", { appId: app.app_id, slug: app.slug, name: app.name });
    return undefined;
  }
  const identity = front.tokens.get(given.value);
  if (identity === undefined) throw new HttpError(401, "Bad credentials");
  context.set("authUser", identity);
  context.set("authToken", given.value);
  context.set("authScopes", identity.scopes);
  if (identity.installation === undefined) context.header("X-OAuth-Scopes", identity.scopes.join(", "));
  return identity;
}

/** Where the emulator knows people only; an App that is allowed to do it is shown to it as an owner. */
const FOR_PEOPLE_ONLY = /^(\/topics)?$/;

/** The repository that a request is about, after the check that the caller may do that with it. */
function authorize(front: Front, context: Context, identity: Identity | undefined): Repository | undefined {
  const [, owner, name, rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(context.url.pathname) ?? [];
  if (owner === undefined || name === undefined) return undefined;
  const repository = findRepository(front.db, owner, name);
  if (repository === undefined) return undefined;
  // Names are case-insensitive; the emulator's routes know only the exact one.
  context.url.pathname = `/repos/${repository.full_name}${rest}`;
  const level = permissionLevel(front.db, identity, repository);
  // An App asks with its own token only for its installation on a repository.
  if (rest === "/installation") return repository;
  // GitHub does not tell those who may not know that a private repository exists.
  if (level === "none") throw new HttpError(404, "Not Found");
  if (!allowed(context.method, rest, level, within(identity, repository))) {
    if (identity === undefined) throw new HttpError(401, "Requires authentication");
    const isApp = identity.installation !== undefined;
    throw new HttpError(
      403,
      isApp ? "Resource not accessible by integration" : "Must have admin rights to Repository.",
    );
  }
  const archived = repository.archived && !/GET|HEAD|DELETE/.test(context.method) && rest !== "";
  if (archived) throw new HttpError(403, "Repository was archived so is read-only.");
  if (identity?.installation !== undefined && FOR_PEOPLE_ONLY.test(rest)) {
    const owner = repositoryCreator(front.db, identity, repository.owner_id);
    if (owner !== undefined) context.set("authUser", { login: owner.login, id: owner.id, scopes: [] });
  }
  return repository;
}

/** An asset takes as long as its sender does: everything else goes on meanwhile. */
function isUpload(context: Context): boolean {
  return context.method === "POST" && /\/releases\/\d+\/assets$/.test(context.url.pathname);
}

async function handleRest(front: Front, context: Context): Promise<Reply> {
  const identity = authenticate(front, context);
  const repository = authorize(front, context, identity);
  const state: RequestState = { identity, path: context.url.pathname, changes: [] };
  const run = () => requestState.run(state, () => front.router.handle(context));
  if (context.method === "GET" || context.method === "HEAD") return run();
  if (repository === undefined || isUpload(context)) return run();
  return front.locks.run(repository.id, async () => {
    const known = front.db.refs.findBy("repo_id", repository.id).map(({ sha }) => sha);
    try {
      return await run();
    } finally {
      const current = front.db.repositories.get(repository.id);
      const changes = state.changes.filter((change) => change.repository === repository.id);
      if (current !== undefined && changes.length > 0) {
        await followRefs(front, current, identity, changes, known);
      }
    }
  });
}

/** Signing in as anybody, without a password: the emulator has pages for that, for applications under test. */
const SIGN_IN = /^\/(?:login\/oauth|settings)(?:\/|$)/;

/** Answers that a client has already, as GitHub knows them by their entity tag. */
function conditional(context: Context, reply: Reply): Reply {
  if (context.method !== "GET" || reply.status !== 200 || typeof reply.body !== "string") return reply;
  const tag = `W/"${createHash("sha256").update(reply.body).digest("hex")}"`;
  const headers = { ...reply.headers, ETag: tag };
  const same = context.req.header("if-none-match") === tag;
  return same ? { status: 304, headers: { ETag: tag }, body: null } : { ...reply, headers };
}

async function send(outgoing: ServerResponse, reply: Reply, headOnly: boolean): Promise<void> {
  outgoing.writeHead(reply.status, { "X-GitHub-Media-Type": "github.v3; format=json", ...reply.headers });
  if (reply.body === null || headOnly) outgoing.end();
  else if (typeof reply.body === "string" || reply.body instanceof Uint8Array) outgoing.end(reply.body);
  else await pipeline(reply.body, outgoing);
}

async function answer(front: Front, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? "/", front.baseUrl);
  const method = incoming.method ?? "GET";
  if (url.pathname === "/_front/pre-receive") return answerPreReceive(front, incoming, outgoing);
  const gitRequest = parseGitRequest(method, url);
  if (gitRequest !== undefined) return handleGit(front, gitRequest, incoming, outgoing);
  url.pathname = url.pathname.replace(PREFIX, "") || "/";
  const context = new Context(incoming, method, url);
  let reply: Reply;
  try {
    if (SIGN_IN.test(url.pathname)) throw new HttpError(404, "Not Found");
    reply = conditional(context, await handleRest(front, context));
  } catch (error) {
    reply = replyOfError(error);
  }
  // Kept before it is answered: whoever has the answer can rely on it, whatever happens to this process.
  front.persistence.flush();
  await send(outgoing, reply, method === "HEAD");
}

/** Answers one request, whatever goes wrong. */
export function handle(front: Front, incoming: IncomingMessage, outgoing: ServerResponse): void {
  answer(front, incoming, outgoing).catch((error: unknown) => {
    if (!outgoing.headersSent) {
      const reply = replyOfError(error);
      outgoing.writeHead(reply.status, { ...reply.headers });
    }
    outgoing.end();
  });
}
