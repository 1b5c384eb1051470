import { isMapping, isSecret, type Path, type Problem, problem, secretKind } from "./problems.ts";

/**
 * What is wrong in a plain value whatever its schema: secrets in it, and the key `__proto__`, which schemas for
 * maps skip without a word.
 */
export function scan(start: Path, value: unknown): Problem[] {
  const all = [...walk(value)];
  // The engine gives a section with an encrypted value as one secret, so nothing in it can be told apart.
  if (all.some((node) => isSecret(node.value))) {
    return [
      problem(start, "a secret in it", "plain values: a secret has a key of its own in the stack file"),
    ];
  }
  return all.flatMap((node) =>
    findings(node).map(({ key, found, expected }) => {
      const path = [...start, ...pathOf(node)];
      return problem(key === undefined ? path : [...path, key], found, expected);
    }),
  );
}

interface Finding {
  /** Where it is a key of the value. */
  readonly key?: string;
  readonly found: string;
  readonly expected: string;
}

const EXPOSED = "no secret in a plain key: revoke it, it is in the open";

function findings({ value }: Node): Finding[] {
  if (typeof value === "string") {
    const kind = secretKind(value);
    return kind === undefined ? [] : [{ found: `what looks like ${kind}`, expected: EXPOSED }];
  }
  if (!isMapping(value)) return [];
  return Object.keys(value).flatMap((key): Finding[] => {
    const kind = secretKind(key);
    if (kind !== undefined) return [{ key, found: `what looks like ${kind}`, expected: EXPOSED }];
    return key === "__proto__" ? [{ key, found: "this key", expected: "a key that names something" }] : [];
  });
}

/** Whether an encrypted value is anywhere in it. */
export function holdsSecret(value: unknown): boolean {
  for (const node of walk(value)) if (isSecret(node.value)) return true;
  return false;
}

interface Node {
  readonly value: unknown;
  /** Where it stands; the outermost stands nowhere. A path in each node would cost the square of the depth. */
  readonly place?: { readonly parent: Node; readonly key: string | number };
}

function pathOf(node: Node): Path {
  const path: (string | number)[] = [];
  for (let place = node.place; place !== undefined; place = place.parent.place) path.push(place.key);
  return path.reverse();
}

/** Every value in a value, itself first. Of any depth, and when it contains itself: each object once. */
function* walk(value: unknown): Generator<Node> {
  const seen = new Set<object>();
  const open: Node[] = [{ value }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node.value === "object" && node.value !== null) {
      if (seen.has(node.value)) continue;
      seen.add(node.value);
    }
    yield node;
    // One by one: spreading a long list overflows the stack.
    for (const child of children(node).reverse()) open.push(child);
  }
}

function children(parent: Node): Node[] {
  const { value } = parent;
  if (Array.isArray(value)) {
    return value.map((item: unknown, key) => ({ value: item, place: { parent, key } }));
  }
  if (!isMapping(value)) return [];
  return Object.entries(value).map(([key, item]) => ({ value: item, place: { parent, key } }));
}
