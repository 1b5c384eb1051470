import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const CONFIG = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[http]
	receivepack = true
	uploadpack = true
[receive]
	autogc = false
	fsckObjects = true
	advertisePushOptions = false
	hideRefs = refs/pull
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[gc]
	auto = 0
`;

/** The bare repositories of one state folder: `<folder>/<owner>/<name>.git`. */
export class BareRepositories {
  constructor(
    readonly folder: string,
    private readonly hooks: string,
  ) {}

  directory(fullName: string): string {
    return join(this.folder, `${fullName}.git`);
  }

  /** Writes the few files of an empty repository: a hundred `git init` would take seconds. */
  create(fullName: string, defaultBranch: string): string {
    const directory = this.directory(fullName);
    for (const folder of ["objects/info", "objects/pack", "refs/heads", "refs/tags"]) {
      mkdirSync(join(directory, folder), { recursive: true });
    }
    this.configure(fullName);
    this.setHead(fullName, defaultBranch);
    return directory;
  }

  /** The path of the hook can change between starts, so it is written at each. */
  configure(fullName: string): void {
    writeFileSync(
      join(this.directory(fullName), "config"),
      `${CONFIG}[core]\n\thooksPath = ${JSON.stringify(this.hooks)}\n`,
    );
  }

  setHead(fullName: string, branch: string): void {
    writeFileSync(join(this.directory(fullName), "HEAD"), `ref: refs/heads/${branch}\n`);
  }

  exists(fullName: string): boolean {
    return existsSync(join(this.directory(fullName), "HEAD"));
  }

  rename(from: string, to: string): void {
    mkdirSync(dirname(this.directory(to)), { recursive: true });
    renameSync(this.directory(from), this.directory(to));
  }

  remove(fullName: string): void {
    rmSync(this.directory(fullName), { recursive: true, force: true });
  }

  /** Branches and tags by full name, read from the files: a process per repository would slow every start. */
  refs(fullName: string): Map<string, string> {
    const directory = this.directory(fullName);
    const found = new Map<string, string>();
    const packed = join(directory, "packed-refs");
    if (existsSync(packed)) {
      for (const line of readFileSync(packed, "utf8").split("\n")) {
        const [, sha, ref] = /^([0-9a-f]{40}) (refs\/(?:heads|tags)\/.+)$/.exec(line) ?? [];
        if (sha !== undefined && ref !== undefined) found.set(ref, sha);
      }
    }
    const walk = (name: string) => {
      for (const entry of readdirSync(join(directory, name), { withFileTypes: true })) {
        const ref = `${name}/${entry.name}`;
        if (entry.isDirectory()) walk(ref);
        else if (!ref.endsWith(".lock")) {
          const sha = readFileSync(join(directory, ref), "utf8").trim();
          if (/^[0-9a-f]{40}$/.test(sha)) found.set(ref, sha);
        }
      }
    };
    for (const kind of ["refs/heads", "refs/tags"]) if (existsSync(join(directory, kind))) walk(kind);
    return found;
  }
}
