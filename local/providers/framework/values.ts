import type { JavaScriptValue, Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

/** A property map as it travels between the engine and a provider, once it is no protobuf message any more. */
export type PropertyMap = Record<string, unknown>;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** The engine sends one of these strings for a value that a preview cannot know: one per type of value. */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isUnknown(value: unknown): boolean {
  return UNKNOWNS.has(value);
}

export function isObject(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is unknown or has an unknown value anywhere inside. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isObject(value)) return Object.values(value).some(hasUnknown);
  return isUnknown(value);
}

/** An asset or archive on the wire. In old state it has its hash only: the engine keeps the contents to itself. */
export interface WireAsset {
  readonly kind: "asset" | "archive";
  readonly hash: string | undefined;
  readonly text: string | undefined;
  readonly path: string | undefined;
  readonly uri: string | undefined;
  readonly assets: PropertyMap | undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function asAsset(value: unknown): WireAsset | undefined {
  if (!isObject(value)) return undefined;
  const signature = value[SIGNATURE];
  if (signature !== ASSET && signature !== ARCHIVE) return undefined;
  return {
    kind: signature === ASSET ? "asset" : "archive",
    hash: text(value.hash),
    // An empty file is an asset with an empty text.
    text: typeof value.text === "string" ? value.text : undefined,
    path: text(value.path),
    uri: text(value.uri),
    assets: isObject(value.assets) ? value.assets : undefined,
  };
}

/** Marks an output so that the engine encrypts it in state and masks it on screen. */
export function secret(value: unknown): unknown {
  return { [SIGNATURE]: SECRET, value };
}

/** Without what is undefined or null, at any depth of objects: the engine treats both as "not given". */
export function withoutAbsent(map: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(map)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, present(value)]),
  );
}

function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (value instanceof Date) return value.toISOString();
  return isObject(value) ? withoutAbsent(value) : value;
}

export function toStruct(map: PropertyMap): StructMessage {
  return struct.Struct.fromJavaScript(withoutAbsent(map) as Record<string, JavaScriptValue>);
}

export function fromStruct(message: StructMessage | undefined): PropertyMap {
  return message === undefined ? {} : message.toJavaScript();
}
