const saltLine = /^encryptionsalt: *(\S+)[^\S\n]*\n?/m;

/**
 * The engine keeps the salt of a stack's passphrase in the stack file. A passphrase that is made on each machine has a
 * salt of its own, and a salt that is committed would fit one machine alone. So the engine gets a stack file that is
 * composed of the committed one and of the salt kept beside the state.
 */
export function composeStackFile(committed: string, salt: string | undefined): string {
  const text = committed.replace(saltLine, "");
  return salt === undefined ? text : `encryptionsalt: ${salt}\n${text}`;
}

/** The inverse: what may be committed of a stack file that the engine has written, and the salt in it. */
export function splitStackFile(composed: string): { committed: string; salt: string | undefined } {
  return { committed: composed.replace(saltLine, ""), salt: saltLine.exec(composed)?.[1] };
}

export type WriteBack =
  | { readonly kind: "unchanged" }
  | { readonly kind: "write"; readonly text: string }
  | { readonly kind: "conflict" };

/**
 * What has to happen with the committed stack file after an engine command.
 *
 * @param before the committed text that the composed file was made from
 * @param composed what the engine left of the composed file
 * @param now the committed text as it is now: an editor may have saved it in the meantime
 */
export function planWriteBack(before: string, composed: string, now: string): WriteBack {
  const after = splitStackFile(composed).committed;
  if (after === splitStackFile(before).committed) return { kind: "unchanged" };
  if (now === after) return { kind: "unchanged" };
  return now === before ? { kind: "write", text: after } : { kind: "conflict" };
}
