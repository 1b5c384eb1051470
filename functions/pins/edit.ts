import { isDeepStrictEqual } from "node:util";
import { applyEdits, modify } from "jsonc-parser";
import { oneLine } from "../../clients/text.ts";
import type { Architecture } from "../../contracts/architecture.ts";
import { problemLines } from "../../contracts/problems.ts";
import { type Pin, VERSIONS_FILE, VersionsDocument } from "../../contracts/versions.ts";

/** Pins by architecture. */
export type Pins = Readonly<Partial<Record<Architecture, Pin>>>;

export interface PinChange {
  readonly architecture: Architecture;
  /** Missing for a board's first pin. */
  readonly before: Pin | undefined;
  readonly after: Pin;
}

/** A `versions.json` with other pins; what is wrong with one that cannot have them, one line each. */
export type Edited =
  | { readonly text: string; readonly changes: readonly PinChange[] }
  | { readonly problems: readonly string[] };

const EXPECTED = "expected a document as docs/contracts.md says";

/** How a document is written: by its first line that is indented. */
function formatting(text: string) {
  const [, indent = "  "] = /\n([\t ]+)\S/.exec(text) ?? [];
  const insertSpaces = !indent.startsWith("\t");
  return {
    insertSpaces,
    tabSize: insertSpaces ? indent.length : 1,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

function set(text: string, path: readonly string[], value: unknown): string {
  const edits = modify(text, [...path], value, { formattingOptions: formatting(text) });
  return applyEdits(text, edits);
}

function withPin(text: string, { architecture, before, after }: PinChange): string {
  const path = ["rootfs", architecture];
  if (before === undefined) return set(text, path, { url: after.url, sha256: after.sha256 });
  return set(set(text, [...path, "url"], after.url), [...path, "sha256"], after.sha256);
}

function parse(
  content: Buffer,
): { readonly text: string; readonly value: unknown } | { readonly problem: string } {
  let text: string;
  try {
    text = new TextDecoder("utf8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return { problem: `${VERSIONS_FILE}: found what is no UTF-8, ${EXPECTED}` };
  }
  try {
    return { text, value: JSON.parse(text) };
  } catch (error) {
    const found = error instanceof Error ? oneLine(error.message, 200) : "";
    return { problem: `${VERSIONS_FILE}: found no JSON (${found}), ${EXPECTED}` };
  }
}

/**
 * Sets root filesystem pins in a `versions.json`, and leaves every other character as it is. No change where all of
 * them stand there already, or `ahead` says that what is pinned shall stay.
 */
export function editPins(content: Buffer, pins: Pins, ahead: (pinned: Pin) => boolean): Edited {
  const parsed = parse(content);
  if ("problem" in parsed) return { problems: [parsed.problem] };
  const document = VersionsDocument.safeParse(parsed.value);
  if (!document.success)
    return { problems: problemLines(document.error).map((line) => `${VERSIONS_FILE}: ${line}`) };
  const { rootfs } = document.data;
  const changes = Object.entries(pins).flatMap(([name, after]): PinChange[] => {
    const architecture = name as Architecture;
    const before = rootfs[architecture];
    const stays = before !== undefined && (isDeepStrictEqual(before, after) || ahead(before));
    return stays ? [] : [{ architecture, before, after }];
  });
  const text = changes.reduce(withPin, parsed.text);
  const expected = {
    ...document.data,
    rootfs: {
      ...rootfs,
      ...Object.fromEntries(changes.map(({ architecture, after }) => [architecture, after])),
    },
  };
  // A key that stands there twice: which of them a reader takes is its own choice.
  if (!isDeepStrictEqual(JSON.parse(text), expected))
    return { problems: [`${VERSIONS_FILE}: found a key more than once, expected each key once`] };
  return { text, changes };
}
