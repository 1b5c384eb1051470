import type { IncomingMessage, ServerResponse } from "node:http";
import type { Identity } from "./auth.ts";
import type { Front } from "./front.ts";
import { pushMessage } from "./rules/evaluate.ts";
import { NO_COMMIT } from "./webhooks/payload.ts";

interface Ticket {
  readonly repository: number;
  readonly identity: Identity | undefined;
}

/** The pushes that are under way, by the secret that their hook has. */
export const tickets = new Map<string, Ticket>();

const QUARANTINE = ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"];

interface Question {
  readonly ticket: string;
  /** Lines `<old> <new> <ref>`, as git gives them to a pre-receive hook. */
  readonly commands: string;
  readonly environment: Readonly<Record<string, string>>;
}

function present(sha: string | undefined): string | undefined {
  return sha === NO_COMMIT ? undefined : sha;
}

/** The lines that the client is shown; none when the push is allowed. One refused ref refuses the whole push. */
export function judge(front: Front, question: Question): string[] | undefined {
  const ticket = tickets.get(question.ticket);
  const repository = ticket === undefined ? undefined : front.db.repositories.get(ticket.repository);
  if (ticket === undefined || repository === undefined) return undefined;
  const environment = Object.fromEntries(
    Object.entries(question.environment).filter(([name]) => QUARANTINE.includes(name)),
  );
  return question.commands
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [before, after, ref = ""] = line.split(" ");
      // Rulesets are about branches and tags; notes and the like are free, as on GitHub.
      if (!/^refs\/(heads|tags)\//.test(ref)) return [];
      const found = front.rules.violations(
        repository,
        ticket.identity,
        ref,
        present(before),
        present(after),
        {
          environment,
        },
      );
      const rulesUrl = `${front.baseUrl}/${repository.full_name}/rules?ref=${encodeURIComponent(ref)}`;
      return found.length === 0 ? [] : pushMessage(ref, found, rulesUrl);
    });
}

/** Answers the hook of a push; see git/pre-receive.cjs. */
export async function answerPreReceive(
  front: Front,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const refused = judge(front, JSON.parse(Buffer.concat(chunks).toString("utf8")));
  outgoing.writeHead(refused === undefined ? 403 : 200, { "Content-Type": "application/json" });
  outgoing.end(refused === undefined ? "unknown ticket" : JSON.stringify({ refused }));
}
