import { git } from "./run.ts";

export interface FileChange {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status: "added" | "removed" | "modified" | "renamed";
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
}

/** Parses `git diff --raw --numstat -z --abbrev=40`: first all raw records, then all counts. */
export function parseDiff(text: string): FileChange[] {
  const fields = text.split("\0").filter((field) => field !== "");
  const files: Omit<FileChange, "additions" | "deletions">[] = [];
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? "";
    const raw = /^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(field);
    if (raw !== null) {
      const [, before = "", after = "", kind = ""] = raw;
      at++;
      const path = fields[at] ?? "";
      if (kind === "R") {
        at++;
        files.push({ filename: fields[at] ?? "", previous_filename: path, status: "renamed", sha: after });
      } else {
        const status = kind === "A" ? "added" : kind === "D" ? "removed" : "modified";
        files.push({ filename: path, status, sha: kind === "D" ? before : after });
      }
      continue;
    }
    const count = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field);
    if (count === null) continue;
    // Binary files count as nothing; a rename gives its two paths as fields of their own.
    const numbers = { additions: Number(count[1]) || 0, deletions: Number(count[2]) || 0 };
    if (count[3] !== "") counts.set(count[3] ?? "", numbers);
    else {
      at += 2;
      counts.set(fields[at] ?? "", numbers);
    }
  }
  return files.map((file) => ({ additions: 0, deletions: 0, ...file, ...counts.get(file.filename) }));
}

/** What a pull request shows: the files and commits of `head` since it left `base`. */
export async function compare(
  directory: string,
  base: string,
  head: string,
): Promise<{ mergeBase: string | undefined; files: FileChange[]; commits: string[] }> {
  const found = await git(directory, ["merge-base", base, head], { accept: [1] });
  const mergeBase = found.stdout.toString("utf8").trim() || undefined;
  const from = mergeBase ?? base;
  const diff = await git(directory, ["diff", "--raw", "--numstat", "-z", "--abbrev=40", "-M", from, head]);
  const log = await git(directory, ["rev-list", "--reverse", `${base}..${head}`]);
  const commits = log.stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
  return { mergeBase, files: parseDiff(diff.stdout.toString("utf8")), commits };
}

/** The tree that a merge of two commits has; nothing when they conflict. */
export async function mergeTree(
  directory: string,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const args = ["merge-tree", "--write-tree", "--no-messages", ours, theirs];
  const { code, stdout } = await git(directory, args, { accept: [1] });
  return code === 0 ? stdout.toString("utf8").trim().split("\n")[0] : undefined;
}

/** The commit that a branch, a tag or an id names, in this order as on GitHub. */
export async function resolveCommit(directory: string, name: string): Promise<string | undefined> {
  for (const candidate of [`refs/heads/${name}`, `refs/tags/${name}`, name]) {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${candidate}^{commit}`];
    const { code, stdout } = await git(directory, args, { accept: [1, 128] });
    if (code === 0) return stdout.toString("utf8").trim();
  }
  return undefined;
}

/** False also where one of them is no commit, as a tag's target need not be. */
export async function isAncestor(directory: string, older: string, newer: string): Promise<boolean> {
  const { code } = await git(directory, ["merge-base", "--is-ancestor", older, newer], { accept: [1, 128] });
  return code === 0;
}

const PATCH_CHARACTERS = 100_000;

/** Splits `git diff` into hunks by file, in the order of the files. Files without hunks (binary, mode) get none. */
export function splitPatches(
  text: string,
  files: readonly Pick<FileChange, "filename">[],
): Map<string, string> {
  const found = new Map<string, string>();
  const parts = text.split(/^diff --git .*\n/m).slice(1);
  parts.forEach((part, at) => {
    const name = files[at]?.filename;
    const start = part.search(/^@@ /m);
    const patch = start < 0 ? "" : part.slice(start).replace(/\n$/, "");
    if (name !== undefined && patch !== "" && patch.length < PATCH_CHARACTERS) found.set(name, patch);
  });
  return found;
}

/** The patches of the given files, by name. */
export async function patches(
  directory: string,
  from: string,
  to: string,
  files: readonly FileChange[],
): Promise<Map<string, string>> {
  const names = files.flatMap(({ filename, previous_filename }) =>
    [previous_filename ?? [], filename].flat(),
  );
  if (names.length === 0) return new Map();
  const { stdout } = await git(directory, ["--literal-pathspecs", "diff", "-M", from, to, "--", ...names]);
  return splitPatches(stdout.toString("utf8"), files);
}
