import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { permissionLevel } from "./access.ts";
import { credentials, type Identity } from "./auth.ts";
import type { Front } from "./front.ts";
import { type GitRequest, serveGit } from "./git/http-backend.ts";
import { findRepository, type Repository } from "./host/rows.ts";
import { tickets } from "./pre-receive.ts";
import { actingUser } from "./push.ts";
import { followRefs } from "./ref-events.ts";
import { atLeast } from "./rules/evaluate.ts";

function refuse(outgoing: ServerResponse, status: number, message: string): void {
  const headers: Record<string, string> = {
    "Content-Type": "text/plain; charset=utf-8",
    Connection: "close",
  };
  if (status === 401) headers["WWW-Authenticate"] = 'Basic realm="GitHub"';
  outgoing.writeHead(status, headers);
  outgoing.end(`${message}\n`);
}

interface Allowed {
  readonly repository: Repository;
  readonly identity: Identity | undefined;
}

/** Checks a request of git, and answers it when it is refused. */
function authorize(
  front: Front,
  request: GitRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Allowed | undefined {
  const given = credentials(incoming.headers.authorization);
  const identity = given === undefined ? undefined : front.tokens.get(given.value);
  if (given !== undefined && identity === undefined) {
    refuse(outgoing, 401, "Invalid username or token.");
    return undefined;
  }
  const repository = findRepository(front.db, request.owner, request.name);
  const level = repository === undefined ? "none" : permissionLevel(front.db, identity, repository);
  const writes = request.service === "git-receive-pack";
  const wanted = writes ? "write" : "read";
  if (repository === undefined || !atLeast(level, wanted)) {
    // Without credentials git is asked for some, so that a private repository is not told from a missing one.
    if (identity === undefined) refuse(outgoing, 401, "Authentication required.");
    else if (level === "none") refuse(outgoing, 404, "Repository not found.");
    else
      refuse(
        outgoing,
        403,
        `Permission to ${request.owner}/${request.name}.git denied to ${identity.login}.`,
      );
    return undefined;
  }
  if (writes && repository.archived) {
    refuse(outgoing, 403, "This repository was archived so it is read-only.");
    return undefined;
  }
  return { repository, identity };
}

/** Serves `git clone`, `git fetch` and `git push`. */
export async function handleGit(
  front: Front,
  request: GitRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const given = authorize(front, request, incoming, outgoing);
  if (given === undefined) {
    incoming.resume();
    return;
  }
  const { repository, identity } = given;
  const directory = front.directoryOf(repository.id);
  const user = actingUser(front.db, identity).login;
  if (request.action !== "/git-receive-pack") {
    await serveGit(directory, request, incoming, outgoing, user);
    outgoing.end();
    return;
  }
  await front.locks.run(repository.id, async () => {
    const known = front.db.refs.findBy("repo_id", repository.id).map(({ sha }) => sha);
    const ticket = randomBytes(24).toString("hex");
    const address = incoming.socket.localPort;
    const environment = front.rules.concerns(repository)
      ? { FRONT_TICKET: ticket, FRONT_PORT: String(address) }
      : undefined;
    tickets.set(ticket, { repository: repository.id, identity });
    try {
      await serveGit(directory, request, incoming, outgoing, user, environment);
    } finally {
      tickets.delete(ticket);
      await follow(front, repository.id, identity, known);
    }
    // The client sees the end of its push when the API shows it.
    outgoing.end();
  });
}

/** Shows what a push changed in the API, and tells the hooks. */
async function follow(
  front: Front,
  id: number,
  identity: Identity | undefined,
  known: readonly string[],
): Promise<void> {
  const repository = front.db.repositories.get(id);
  if (repository === undefined) return;
  const changes = front.sync.readRefs(repository);
  if (changes.length === 0) return;
  const heads = changes.flatMap(({ after }) => (after === undefined ? [] : [after]));
  await front.sync.content.add(id, heads, known);
  const pushed = front.db.repositories.update(id, { pushed_at: new Date().toISOString() }) ?? repository;
  front.persistence.flush();
  await followRefs(front, pushed, identity, changes, known);
}
