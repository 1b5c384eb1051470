import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./run.ts";
import type { TestStack } from "./test-stack.ts";

const IDENTITY = ["-c", "user.name=porter", "-c", "user.email=porter@localhost"];

/** A repository of a stack as a developer has it on their machine, with real git over HTTP. */
export class Clone {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async of(stack: TestStack, repository: string, branch = "main"): Promise<Clone> {
    const { baseUrl, token, organization } = stack.cloud.github;
    const folder = mkdtempSync(join(stack.folder, "clone-"));
    const url = new URL(`${baseUrl.replace(/\/$/, "")}/${organization}/${repository}.git`);
    url.username = "x-access-token";
    url.password = token;
    await run("git", ["clone", "--quiet", "--branch", branch, url.href, folder], { cwd: stack.folder });
    return new Clone(folder);
  }

  git(...args: string[]): Promise<string> {
    return run("git", [...IDENTITY, ...args], { cwd: this.folder });
  }

  /** Writes files by their path in the repository and commits them. Resolves with the commit. */
  async commit(message: string, files: Readonly<Record<string, string>>): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  /** The text of a file. */
  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Tags HEAD and pushes the tag. Resolves with the commit. */
  async tag(name: string): Promise<string> {
    await this.git("tag", name);
    await this.git("push", "--quiet", "origin", name);
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  /** Pushes HEAD to a branch. */
  async push(branch: string): Promise<void> {
    await this.git("push", "--quiet", "origin", `HEAD:${branch}`);
  }
}
