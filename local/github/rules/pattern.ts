/**
 * GitHub's ref patterns: Ruby's `File.fnmatch` with FNM_PATHNAME. `*` and `?` match no slash, a whole part `**`
 * matches any number of parts, `[a-z]` is a set (`[^…]` or `[!…]` its opposite), `{a,b}` a choice, `\` quotes.
 */
export function compilePattern(pattern: string): RegExp {
  let source = "";
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const startsPart = at === 0 || pattern.charAt(at - 1) === "/";
    if (char === "*" && pattern.startsWith("**/", at) && startsPart) {
      source += "(?:[^/]+/)*";
      at += 2;
    } else if (char === "*" && pattern.slice(at) === "**" && startsPart) {
      source += ".*";
      at += 1;
    } else if (char === "*") {
      while (pattern.charAt(at + 1) === "*") at++;
      source += "[^/]*";
    } else if (char === "?") {
      source += "[^/]";
    } else if (char === "[" && pattern.indexOf("]", at + 2) > 0) {
      const end = pattern.indexOf("]", at + 2);
      const set = pattern.slice(at + 1, end).replace(/\\/g, "\\\\");
      source += set.startsWith("!") || set.startsWith("^") ? `[^/${set.slice(1)}]` : `[${set}]`;
      at = end;
    } else if (char === "{" && pattern.indexOf("}", at) > 0) {
      depth++;
      source += "(?:";
    } else if (char === "}" && depth > 0) {
      depth--;
      source += ")";
    } else if (char === "," && depth > 0) {
      source += "|";
    } else if (char === "\\" && at + 1 < pattern.length) {
      at++;
      source += quote(pattern.charAt(at));
    } else {
      source += quote(char);
    }
  }
  return new RegExp(`^${source}$`);
}

function quote(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

export interface RefConditions {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Whether a branch or tag (`refs/heads/…`, `refs/tags/…`) is one that the conditions name. */
export function matchesRef(ref: string, conditions: RefConditions, defaultBranch: string): boolean {
  const matches = (pattern: string): boolean => {
    if (pattern === "~ALL") return true;
    if (pattern === "~DEFAULT_BRANCH") return ref === `refs/heads/${defaultBranch}`;
    const short = ref.replace(/^refs\/(?:heads|tags)\//, "");
    return compilePattern(pattern).test(pattern.startsWith("refs/") ? ref : short);
  };
  return conditions.include.some(matches) && !conditions.exclude.some(matches);
}
