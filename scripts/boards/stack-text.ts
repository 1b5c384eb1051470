import { isDeepStrictEqual } from "node:util";
import { Document, isCollection, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import type { NewBoard } from "./request.ts";

const PATH = ["config", "hypriotos:boards"];

/**
 * A stack file's text with one more board at the end of its boards. Every byte that was there stays: comments, order,
 * line ends and the way things are written.
 *
 * @throws {Error} where the text is no YAML, or has a board of that name
 */
export function withBoard(text: string, { name, entry }: NewBoard): string {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`the stack file is no YAML: ${error.message}`);
  if (document.hasIn([...PATH, name])) {
    throw new Error(
      `--name: found ${JSON.stringify(name)}, expected another name: the stack has a board of this one`,
    );
  }
  const boards: unknown = document.getIn(PATH, true);
  const changed =
    isMap(boards) && boards.flow !== true && boards.items.length > 0
      ? inserted(text, boards, { name, entry })
      : undefined;
  // Where there is no list of boards to go on with, the file is laid out anew; comments are kept all the same.
  return changed !== undefined && says(changed, text, { name, entry })
    ? changed
    : rewritten(text, { name, entry });
}

/** Whether a text says what another one says, and the board. */
function says(text: string, before: string, board: NewBoard): boolean {
  const document = parseDocument(text);
  return (
    document.errors.length === 0 &&
    isDeepStrictEqual(document.toJS(), parseDocument(rewritten(before, board)).toJS())
  );
}

function rewritten(text: string, { name, entry }: NewBoard): string {
  const document = parseDocument(text);
  if (!isCollection(document.getIn(PATH, true))) document.setIn(PATH, document.createNode({}));
  document.setIn([...PATH, name], document.createNode(entry));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function inserted(text: string, boards: YAMLMap, { name, entry }: NewBoard): string | undefined {
  const [first] = boards.items;
  const start = isScalar(first?.key) ? first.key.range?.[0] : undefined;
  const end = boards.range?.[1];
  if (start === undefined || end === undefined) return undefined;
  const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  if (indent.trim() !== "") return undefined;
  // Behind the last entry's last line with all that stands on it; blank lines and comments after it are the next key's.
  const last = text.slice(0, end).trimEnd().length;
  const lineEnd = text.indexOf("\n", last);
  const at = lineEnd < 0 ? text.length : lineEnd + 1;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = new Document({ [name]: entry }).toString({ lineWidth: 0 }).trimEnd().split("\n");
  const block = lines.map((line) => `${indent}${line}${newline}`).join("");
  return `${text.slice(0, at)}${lineEnd < 0 ? newline : ""}${block}${text.slice(at)}`;
}
