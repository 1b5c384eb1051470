/** Reading of what is not typed: properties of resources, and JSON in them. What is of another shape is empty. */

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** A list as it is, a single value as a list of it. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === "string");
}

/** A value as it stands in a message, without control characters and not too long. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  const plain = text.replaceAll(/\p{Cc}/gu, " ");
  return plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
}
