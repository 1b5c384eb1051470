import { z } from "zod";

const commitExpected = "a commit id of 40 lower-case hex digits";

export const CommitId = z
  .string({ error: commitExpected })
  .regex(/^[0-9a-f]{40}$/, { error: commitExpected });

const branchExpected = "a branch name of 1 to 255 characters without control characters";

/** What git takes as a branch name and people can read. */
export const BranchName = z
  .string({ error: branchExpected })
  .min(1, { error: branchExpected })
  .max(255, { error: branchExpected })
  .regex(/^[^\p{C}\s~^:?*[\\]+$/u, { error: branchExpected });

const sha256Expected = "a SHA-256 in 64 lower-case hex digits";

export const Sha256 = z.string({ error: sha256Expected }).regex(/^[0-9a-f]{64}$/, { error: sha256Expected });

const fullNameExpected = "a repository as owner/name";

export const RepositoryFullName = z
  .string({ error: fullNameExpected })
  .max(140, { error: fullNameExpected })
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/, {
    error: fullNameExpected,
  });

/** `owner/name` taken apart. */
export function splitFullName(fullName: string): { readonly owner: string; readonly repo: string } {
  const [owner = "", repo = ""] = fullName.split("/");
  return { owner, repo };
}
