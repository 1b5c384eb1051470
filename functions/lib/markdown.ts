import { oneLine } from "../../clients/text.ts";

/** Between two characters, this keeps GitHub from taking them for more than text, and cannot be seen. */
const BREAK = "&#8203;";

/**
 * Somebody else's text in Markdown, as itself: no formatting, no HTML, and nobody is mentioned, no issue, commit or
 * address linked. The text has one line.
 */
export function markdown(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]()+.!|~$-]/g, "\\$&")
    .replace(/[@#]/g, `$&${BREAK}`)
    .replace(/\b(gh)(?=\\-\d)/gi, `$1${BREAK}`)
    .replaceAll("://", `:${BREAK}//`)
    .replace(/\b(www)(?=\\\.)/gi, `$1${BREAK}`)
    .replace(/\b([0-9a-f]{3})([0-9a-f]{4,37})\b/gi, `$1${BREAK}$2`);
}

/** The same, made one line of at most `maximum` characters. */
export function markdownLine(text: string, maximum: number): string {
  return markdown(oneLine(text, maximum));
}
