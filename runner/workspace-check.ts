import { posix } from "node:path";
import { cut, visible } from "../clients/text.ts";
import { MAX_PROBLEMS } from "../contracts/manifest.ts";

const MIB = 1024 * 1024;

/** What a repository may hold. */
export interface WorkspaceLimits {
  readonly entries: number;
  readonly totalBytes: number;
  readonly fileBytes: number;
  /** Of the files that say what is built. */
  readonly documentBytes: number;
}

export const WORKSPACE_LIMITS: WorkspaceLimits = {
  entries: 20_000,
  totalBytes: 512 * MIB,
  fileBytes: 64 * MIB,
  documentBytes: MIB,
};

/** Files at the top of a repository that say what is built. */
const DOCUMENTS: readonly string[] = ["board.json", "versions.json", "rootfs.json", "kernel.json"];
const MAX_PATH = 1000;

/** An entry of a repository's archive, as tar has it. */
export interface ArchiveEntry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly executable: boolean;
  readonly link?: string;
}

/** Where an entry goes. */
export interface Placed {
  readonly path: string;
  readonly type: "file" | "directory" | "symlink";
  readonly mode: number;
  readonly link?: string;
}

/** Looks at a repository's archive entry by entry, and names what is wrong: nothing of it is written before. */
export class WorkspaceCheck {
  readonly #limits: WorkspaceLimits;
  readonly #problems: string[] = [];
  readonly #links = new Set<string>();
  readonly #files = new Set<string>();
  #entries = 0;
  #bytes = 0;
  #tooMuch = false;

  constructor(limits: WorkspaceLimits = WORKSPACE_LIMITS) {
    this.#limits = limits;
  }

  /** `path: what was found and expected`, the first 20. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** There is no use in reading on. */
  get hopeless(): boolean {
    return this.#tooMuch || this.#problems.length >= MAX_PROBLEMS;
  }

  /** Where the entry goes; undefined when it goes nowhere, which `problems` says unless it is the tree's own folder. */
  place(entry: ArchiveEntry): Placed | undefined {
    if (entry.type === "pax-global-header") return undefined;
    this.#entries += 1;
    this.#bytes += entry.size;
    if (this.#entries > this.#limits.entries) {
      return this.#overflow(`found more than ${this.#limits.entries} files and folders, expected fewer`);
    }
    if (this.#bytes > this.#limits.totalBytes) {
      return this.#overflow(`found more than ${this.#limits.totalBytes} bytes in all, expected fewer`);
    }
    const path = this.#path(entry.name);
    if (path === undefined || path === "") return undefined;
    const above = posix.dirname(path).split("/");
    const through = above
      .map((_, index) => above.slice(0, index + 1).join("/"))
      .find((folder) => this.#links.has(folder) || this.#files.has(folder));
    if (through !== undefined)
      return this.#refuse(path, `found a path through ${through}, which is no folder`);
    return this.#typed(path, entry);
  }

  #typed(path: string, entry: ArchiveEntry): Placed | undefined {
    if (entry.type === "directory") return { path, type: "directory", mode: 0o755 };
    if (this.#links.has(path) || this.#files.has(path))
      return this.#refuse(path, "found twice, expected once");
    if (entry.type === "symlink") return this.#symlink(path, entry.link ?? "");
    if (entry.type !== "file") {
      return this.#refuse(
        path,
        `found a ${visible(entry.type)}, expected a file, a folder or a symbolic link`,
      );
    }
    const most = DOCUMENTS.includes(path) ? this.#limits.documentBytes : this.#limits.fileBytes;
    if (entry.size > most) return this.#refuse(path, `found ${entry.size} bytes, expected at most ${most}`);
    this.#files.add(path);
    return { path, type: "file", mode: entry.executable ? 0o755 : 0o644 };
  }

  #symlink(path: string, link: string): Placed | undefined {
    const target = posix.join(posix.dirname(path), link);
    // Below files/ it is a link of the image, which the builder copies and never follows.
    const outside =
      !path.startsWith("files/") && (posix.isAbsolute(link) || target === ".." || target.startsWith("../"));
    if (link === "" || outside || /\p{C}/u.test(link)) {
      const found = `found a symbolic link to ${JSON.stringify(link)}`;
      return this.#refuse(path, `${found}, expected a relative link to inside the repository`);
    }
    this.#links.add(path);
    return { path, type: "symlink", mode: 0o777, link };
  }

  /** The path below the archive's one folder; undefined when it is none. */
  #path(name: string): string | undefined {
    const [first = "", ...rest] = name.replace(/\/$/, "").split("/");
    const bad = (segment: string) => segment === "" || segment === "." || segment === "..";
    if (bad(first) || rest.some(bad)) {
      return this.#refuse(
        name,
        "found a path with . or .. or nothing between slashes, expected a plain path",
      );
    }
    const path = rest.join("/");
    if (path.length > MAX_PATH) return this.#refuse(path, `found a path of more than ${MAX_PATH} characters`);
    if (/\p{C}/u.test(path)) {
      return this.#refuse(path, "found a name with control characters, expected a name that can be printed");
    }
    if (rest.some((segment) => segment.toLowerCase() === ".git")) {
      return this.#refuse(path, "found git's own folder, expected other names");
    }
    return path;
  }

  #refuse(path: string, what: string): undefined {
    if (this.#problems.length < MAX_PROBLEMS)
      this.#problems.push(cut(`${visible(cut(path, 200))}: ${what}`, 500));
  }

  #overflow(what: string): undefined {
    if (!this.#tooMuch) this.#problems.push(`(whole): ${what}`);
    this.#tooMuch = true;
  }
}
