/** What was asked for on a command line. */
export interface Arguments {
  readonly stack: string;
  /** Another stack file than `stacks/Pulumi.<stack>.yaml`. */
  readonly configFile: string | undefined;
  /** The command's own switches, without the dashes. */
  readonly switches: ReadonlySet<string>;
  /** What is passed on to the engine as it is. */
  readonly rest: readonly string[];
}

/**
 * Reads `--stack <name>` (or `-s`), `--config-file <path>` and the command's own switches; everything else is the
 * engine's. After `--` all is.
 *
 * @throws {Error} when an option lacks its value or the stack's name is none
 */
export function parseArguments(argv: readonly string[], switches: readonly string[] = []): Arguments {
  const found = { stack: "local", configFile: undefined as string | undefined };
  const seen = new Set<string>();
  const rest: string[] = [];
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      rest.push(...words);
      break;
    }
    const [name = "", inline] = word.startsWith("--") ? splitOnce(word) : [word, undefined];
    if (name === "--stack" || name === "-s" || name === "--config-file") {
      const value = inline ?? words.shift();
      if (value === undefined || value === "" || value.startsWith("-")) {
        throw new Error(
          `${name}: found ${value ?? "nothing"}, expected a ${name === "--config-file" ? "path" : "stack's name"}`,
        );
      }
      if (name === "--config-file") found.configFile = value;
      else found.stack = value;
    } else if (word.startsWith("--") && switches.includes(word.slice(2))) seen.add(word.slice(2));
    else rest.push(word);
  }
  // It becomes a part of file names.
  if (!/^[\w.-]{1,100}$/.test(found.stack)) {
    throw new Error(`--stack: found ${found.stack}, expected a name of letters, digits, ".", "-" and "_"`);
  }
  return { ...found, switches: seen, rest };
}

/**
 * Takes `--name <value>` or `--name=<value>` out of what is left of a command line.
 *
 * @throws {Error} when the option has no value
 */
export function takeOption(
  words: readonly string[],
  name: string,
): { readonly value: string | undefined; readonly rest: readonly string[] } {
  const index = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const word = words[index];
  if (word === undefined) return { value: undefined, rest: words };
  const [, inline] = splitOnce(word);
  const value = inline ?? words[index + 1];
  if (value === undefined || value === "" || (inline === undefined && value.startsWith("-"))) {
    throw new Error(`${name}: found ${value || "nothing"}, expected a value`);
  }
  return { value, rest: [...words.slice(0, index), ...words.slice(index + (inline === undefined ? 2 : 1))] };
}

/**
 * Takes `--name`, `--name <value>` or `--name=<value>` out of what is left of a command line. The value is empty where
 * the option has none.
 */
export function takeOptional(
  words: readonly string[],
  name: string,
): { readonly value: string | undefined; readonly rest: readonly string[] } {
  const index = words.indexOf(name);
  const next = words[index + 1];
  if (index < 0 || (next !== undefined && !next.startsWith("-"))) return takeOption(words, name);
  return { value: "", rest: words.toSpliced(index, 1) };
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf("=");
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** Engine commands that take a stack file of their own; all others find the stack's settings in the project folder. */
const withConfigFile = new Set([
  "up",
  "update",
  "preview",
  "pre",
  "refresh",
  "destroy",
  "down",
  "dn",
  "import",
  "watch",
  "config",
  "cfg",
  "logs",
]);
/** Engine commands that read or write a stack's settings or state and need no program. */
const withProjectFolder = new Set(["stack", "state", "cancel"]);

/** How an engine command is told where the composed stack file is: by an option, by its folder, or not at all. */
export function configPlacement(command: string | undefined): "option" | "folder" | "none" {
  if (command === undefined) return "none";
  if (withConfigFile.has(command)) return "option";
  return withProjectFolder.has(command) ? "folder" : "none";
}
