/** What moves a cursor, ends a line early, turns text around, or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** The character in a form that can be seen and does nothing: `␛` for the escape character, else its number. */
function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** One line of somebody else's text that does nothing to whoever reads it. Tabs stay. */
export function visible(line: string): string {
  return line.replace(UNSEEN, (character) => (character === "\t" ? character : shown(character)));
}

/** Cut to `maximum` characters, which an ellipsis at the end tells. Never cuts a character in two. */
export function cut(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  return `${text.slice(0, maximum - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Somebody else's text as one line of at most `maximum` characters. */
export function oneLine(text: string, maximum: number): string {
  return cut(visible(text.replace(/[\s\p{Zl}\p{Zp}]+/gu, " ").trim()), maximum);
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  return oneLine(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 500);
}
