import type { Label } from "../host/collaboration.ts";
import type { RouteParts } from "./all.ts";
import { invalid, repositoryOf } from "./support.ts";

/** GitHub's own limits, in characters. */
const LONGEST = { name: 50, description: 100 };

/** What is wrong with a new label, as GitHub says it. */
export function labelProblems(
  { name, description }: Readonly<Record<string, unknown>>,
  isKnown: (name: string) => boolean,
): readonly object[] {
  const problem = (field: string, code: string) => ({ resource: "Label", code, field });
  const tooLong = (field: keyof typeof LONGEST, value: unknown) =>
    typeof value === "string" && value.length > LONGEST[field] ? [problem(field, "too_long")] : [];
  return [
    ...(typeof name === "string" && isKnown(name.trim()) ? [problem("name", "already_exists")] : []),
    ...tooLong("name", name),
    ...tooLong("description", description),
  ];
}

/** Labels of a repository: the emulator says only that one is wrong, takes any length, and tells names by their case. */
export function addLabels({ router, db, store }: RouteParts): void {
  const labels = store.collection<Label>("github.labels", ["repo_id"]);
  router.post("/repos/:owner/:repo/labels", async (context, next) => {
    const { id } = repositoryOf(db, context);
    const isKnown = (name: string) =>
      labels.findBy("repo_id", id).some((row) => row.name.toLowerCase() === name.toLowerCase());
    const problems = labelProblems(await context.object(), isKnown);
    if (problems.length > 0) throw invalid("Validation Failed", problems);
    return next();
  });
}
