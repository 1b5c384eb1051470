import type { Label } from "../host/collaboration.ts";
import { nodeId } from "../host/rows.ts";
import { actingUser } from "../push.ts";
import { showRepository, showUser } from "../show.ts";
import type { RouteParts } from "./all.ts";
import { showLabel } from "./pull-labels.ts";
import { invalid, repositoryOf, requireIdentity, text } from "./support.ts";

/** GitHub's own limits, in characters. */
const LONGEST = { name: 50, description: 100 };

/** What is wrong with a new label, as GitHub says it. */
export function labelProblems(
  { name, description, color }: Readonly<Record<string, unknown>>,
  isKnown: (name: string) => boolean,
): readonly object[] {
  const problem = (field: string, code: string) => ({ resource: "Label", code, field });
  const tooLong = (field: keyof typeof LONGEST, value: unknown) =>
    typeof value === "string" && value.length > LONGEST[field] ? [problem(field, "too_long")] : [];
  if (typeof name !== "string" || name.trim() === "") return [problem("name", "missing_field")];
  if (colorOf(color) === undefined) return [problem("color", "invalid")];
  return [
    ...(isKnown(name.trim()) ? [problem("name", "already_exists")] : []),
    ...tooLong("name", name),
    ...tooLong("description", description),
  ];
}

/** A label's colour without a `#`; GitHub picks one where none is given, and this is what it gives to new ones. */
function colorOf(color: unknown): string | undefined {
  if (color === undefined || color === null) return "ededed";
  const [, digits] = typeof color === "string" ? (/^#?([\da-f]{6})$/i.exec(color) ?? []) : [];
  return digits?.toLowerCase();
}

/**
 * Makes labels of a repository: the emulator says only that one is wrong, takes any length, tells names by their case,
 * and refuses an App that may write to pull requests.
 */
export function addLabels({ router, db, store, sender, baseUrl }: RouteParts): void {
  const labels = store.collection<Label>("github.labels", ["repo_id"]);
  router.post("/repos/:owner/:repo/labels", async (context) => {
    const repository = repositoryOf(db, context);
    const identity = requireIdentity(context);
    const isKnown = (name: string) =>
      labels.findBy("repo_id", repository.id).some((row) => row.name.toLowerCase() === name.toLowerCase());
    const body = await context.object();
    const problems = labelProblems(body, isKnown);
    const color = colorOf(body.color);
    if (problems.length > 0 || color === undefined) throw invalid("Validation Failed", problems);
    const label = labels.insert({
      node_id: nodeId("Label", labels.nextId()),
      repo_id: repository.id,
      name: String(body.name).trim(),
      description: text(body.description) ?? null,
      color,
      default: false,
    });
    const shown = showLabel(label, repository.full_name, baseUrl);
    const payload = {
      action: "created",
      label: shown,
      repository: showRepository(db, identity, repository, baseUrl),
      sender: showUser(actingUser(db, identity), baseUrl),
    };
    sender.emit("label", "created", payload, repository.full_name.split("/")[0] ?? "", repository);
    return context.json(shown, 201, { Location: String(shown.url) });
  });
}
