import { isSecret, type Path, type Problem, problem, secretKind } from "./problems.ts";

/**
 * What is wrong in a plain value whatever its schema: secrets in it (encrypted or not), and the key `__proto__`,
 * which schemas for maps skip without a word. Walks values of any depth, and ones that contain themselves.
 */
export function scan(start: Path, value: unknown): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<object>();
  const rest: { path: Path; value: unknown }[] = [{ path: start, value }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { path, value: at } = next;
    if (typeof at === "string") {
      const kind = secretKind(at);
      if (kind !== undefined) {
        problems.push(
          problem(path, `what looks like ${kind}`, "no secret in a plain key: revoke it, it is in the open"),
        );
      }
      continue;
    }
    if (typeof at !== "object" || at === null || seen.has(at)) continue;
    seen.add(at);
    if (isSecret(at)) {
      problems.push(
        problem(path, "a secret", "a plain value: secrets have keys of their own in the stack file"),
      );
      continue;
    }
    if (!Array.isArray(at) && Object.hasOwn(at, "__proto__")) {
      problems.push(problem([...path, "__proto__"], "this key", "a key that names something"));
    }
    rest.push(...children(path, at).reverse());
  }
  return problems;
}

function children(path: Path, parent: object): { path: Path; value: unknown }[] {
  if (Array.isArray(parent))
    return parent.map((value: unknown, index) => ({ path: [...path, index], value }));
  return Object.entries(parent).map(([key, value]: [string, unknown]) => ({ path: [...path, key], value }));
}
