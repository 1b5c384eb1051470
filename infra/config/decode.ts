/** How the engine hands over a configuration: every value as text, objects and lists as JSON. */
export interface EngineConfig {
  /** By full key, `hypriotos:boards`. Secrets are in here decrypted. */
  readonly values: Readonly<Record<string, string>>;
  /** Full keys of the values that are secret, whole or in part. */
  readonly secretKeys: ReadonlySet<string>;
}

/**
 * Turns the engine's form back into that of the stack file. A secret's text goes no further than here:
 * in its place stands what the stack file has, a mapping with `secure`.
 */
export function decodeConfig({ values, secretKeys }: EngineConfig): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      secretKeys.has(key) ? { secure: "not shown" } : decodeValue(value),
    ]),
  );
}

function decodeValue(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value === "" ? null : value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
