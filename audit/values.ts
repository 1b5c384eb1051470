/** What the engine puts in the place of a value that only an update finds out; one for each type. */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSETS: ReadonlySet<unknown> = new Set([
  "0def7320c3a5731c473e5ecbe6d01bc7",
  "c44067f5952c0a294b673a41bacd8c17",
]);
/** The engine's own word where a secret stood in a text. */
export const BLINDED = "[secret]";

export type Properties = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const isUnknown = (value: unknown): boolean => UNKNOWNS.has(value);

export const isSecret = (value: unknown): boolean =>
  value === BLINDED || (isObject(value) && value[SIGNATURE] === SECRET);

/** A file or an archive: its content is a digest. */
export function assetHash(value: unknown): string | undefined {
  return isObject(value) && ASSETS.has(value[SIGNATURE]) ? String(value.hash ?? "") : undefined;
}

/** Whether anything in it is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** The value at a path of object keys; undefined where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text that is a JSON object or list, as that; anything else as it is. */
export function decoded(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
