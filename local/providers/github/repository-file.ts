import type { RepositoryFileArgs } from "@pulumi/github/repositoryFile.js";
import type { CheckFailure, Inputs, Outputs, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub, statusOf } from "./client.ts";

type FileInputs = Inputs<RepositoryFileArgs>;

interface FileLocation {
  readonly repository: string;
  readonly file: string;
  /** Missing where the default branch is meant. */
  readonly branch?: string | undefined;
}

interface FileFound {
  readonly content: string;
  /** The blob's id. */
  readonly sha: string;
}

/** `<repository>:<path>:<branch>`, a colon in the path written `??`, as the official provider does. */
export function fileId({ repository, file, branch = "" }: FileLocation): string {
  return [repository, file.replaceAll(":", "??"), branch].join(":");
}

/** Reads `<repository>:<path>:<branch>`, the same without a branch, or the older `<repository>/<path>`. */
export function parseFileId(id: string): FileLocation {
  const [repository = "", file = "", branch = "", ...rest] = id.split(":");
  if (repository !== "" && file !== "" && rest.length === 0) {
    const location = { repository, file: file.replaceAll("??", ":") };
    return branch === "" ? location : { ...location, branch };
  }
  const slash = id.indexOf("/");
  if (slash <= 0 || slash === id.length - 1 || id.includes(":")) {
    throw new Error(`id: found ${JSON.stringify(id)}; expected <repository>:<path>:<branch>`);
  }
  return { repository: id.slice(0, slash), file: id.slice(slash + 1) };
}

async function get({ api, owner }: GitHub, at: FileLocation): Promise<FileFound | undefined> {
  const request = { owner, repo: at.repository, path: at.file, ...(at.branch ? { ref: at.branch } : {}) };
  const answer = await found(api.rest.repos.getContent(request));
  if (answer === undefined || Array.isArray(answer.data) || answer.data.type !== "file") {
    return undefined;
  }
  const { content, sha } = answer.data;
  return { content: Buffer.from(content, "base64").toString("utf8"), sha };
}

async function lastCommit({ api, owner }: GitHub, at: FileLocation): Promise<string> {
  const request = { owner, repo: at.repository, path: at.file, per_page: 1 };
  const { data } = await api.rest.repos.listCommits({ ...request, ...(at.branch ? { sha: at.branch } : {}) });
  return data[0]?.sha ?? "";
}

function commitOptions(inputs: FileInputs, verb: string) {
  const { commitAuthor: name, commitEmail: email, branch } = inputs;
  const person = name === undefined || email === undefined ? undefined : { name, email };
  return {
    message: inputs.commitMessage ?? `${verb} ${inputs.file}`,
    ...(branch === undefined ? {} : { branch }),
    ...(person === undefined ? {} : { author: person, committer: person }),
  };
}

/** Commits the content; `sha` is the blob that it replaces, so that GitHub refuses to overwrite another. */
async function commit({ api, owner }: GitHub, inputs: FileInputs, verb: string, sha: string | undefined) {
  const { data } = await api.rest.repos.createOrUpdateFileContents({
    owner,
    repo: inputs.repository,
    path: inputs.file,
    content: Buffer.from(inputs.content, "utf8").toString("base64"),
    ...commitOptions(inputs, verb),
    ...(sha === undefined ? {} : { sha }),
  });
  return { commitSha: data.commit.sha ?? "", sha: data.content?.sha ?? "" };
}

/** The first commit of a file; undefined where there is one, which GitHub does not overwrite unless told which. */
async function commitNew(github: GitHub, inputs: FileInputs) {
  try {
    return await commit(github, inputs, "Add", undefined);
  } catch (error) {
    if (statusOf(error) === 422 && /"sha" wasn't supplied/.test(String(error))) {
      return undefined;
    }
    throw error;
  }
}

/** Makes a file the program's that was there before. */
async function takeOver(github: GitHub, inputs: FileInputs, at: FileLocation) {
  const existing = await get(github, at);
  // The same content is what an interrupted run left behind: nothing of anybody's is lost.
  if (existing?.content === inputs.content) {
    return { sha: existing.sha, commitSha: await lastCommit(github, at) };
  }
  if (inputs.overwriteOnCreate !== true) {
    throw new Error(
      `${github.owner}/${at.repository}: ${at.file} exists on ${at.branch}; set overwriteOnCreate to take it over`,
    );
  }
  return await commit(github, inputs, "Add", existing?.sha);
}

function outputs(
  inputs: FileInputs,
  branch: string,
  at: { readonly commitSha: string; readonly sha: string; readonly repositoryId: unknown },
): Outputs {
  return { commitMessage: inputs.commitMessage ?? `Add ${inputs.file}`, branch, ref: branch, ...at };
}

function check(inputs: Partial<FileInputs>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (inputs.file?.startsWith("/")) {
    const reason = `found ${JSON.stringify(inputs.file)}; expected a path from the repository's root, no leading '/'`;
    failures.push({ property: "file", reason });
  }
  for (const [given, other] of [
    ["commitAuthor", "commitEmail"],
    ["commitEmail", "commitAuthor"],
  ] as const) {
    if (inputs[given] !== undefined && inputs[other] === undefined) {
      failures.push({ property: other, reason: `missing; expected beside ${given}` });
    }
  }
  return failures;
}

export const repositoryFile: ResourceHandler<RepositoryFileArgs, GitHub> = {
  type: "github:index/repositoryFile:RepositoryFile",
  properties: {
    repository: { required: true },
    file: { required: true, replace: true },
    branch: { replace: true },
    content: { required: true },
    // They describe the next commit, not the file: GitHub cannot say that they changed.
    commitMessage: { writeOnly: true },
    commitAuthor: { writeOnly: true },
    commitEmail: { writeOnly: true },
    overwriteOnCreate: { default: false, writeOnly: true },
  },
  deleteBeforeReplace: true,
  recomputed: ["commitSha", "sha"],
  check,

  async create(github, inputs) {
    const { api, owner } = github;
    const { data: repository } = await api.rest.repos.get({ owner, repo: inputs.repository });
    const branch = inputs.branch ?? repository.default_branch;
    const at = { repository: inputs.repository, file: inputs.file, branch };
    const made = (await commitNew(github, inputs)) ?? (await takeOver(github, inputs, at));
    return { id: fileId(at), outputs: outputs(inputs, branch, { ...made, repositoryId: repository.id }) };
  },

  async read(github, id, prior) {
    const { api, owner } = github;
    const asked = { ...parseFileId(id), ...(prior && { repository: prior.inputs.repository }) };
    const repository = await found(api.rest.repos.get({ owner, repo: asked.repository }));
    if (repository === undefined) {
      return undefined;
    }
    const branch = asked.branch ?? repository.data.default_branch;
    const at = { ...asked, branch };
    const actual = await get(github, at);
    if (actual === undefined) {
      return undefined;
    }
    const unchanged = prior?.outputs.sha === actual.sha;
    const commitSha = unchanged ? String(prior?.outputs.commitSha) : await lastCommit(github, at);
    const inputs: FileInputs = {
      ...(prior?.inputs ?? { branch, overwriteOnCreate: false }),
      repository: asked.repository,
      file: asked.file,
      content: actual.content,
    };
    const repositoryId = repository.data.id;
    return {
      ...(prior === undefined ? { id: fileId(at) } : {}),
      inputs,
      outputs: outputs(inputs, branch, { commitSha, sha: actual.sha, repositoryId }),
    };
  },

  async update(github, id, inputs, prior) {
    const { api, owner } = github;
    const { branch = "" } = parseFileId(id);
    const { data: repository } = await api.rest.repos.get({ owner, repo: inputs.repository });
    if (prior.outputs.repositoryId !== repository.id) {
      throw new Error(
        `repository: ${inputs.repository} is not ${prior.inputs.repository} renamed; ` +
          `give the file another resource name, so that it is made there and removed here`,
      );
    }
    const at = { repository: inputs.repository, file: inputs.file, branch };
    const existing = await get(github, at);
    const before = prior.outputs.sha;
    // What was read last, not what is there now: a commit that nobody has seen yet is not overwritten.
    const replaced = existing === undefined || typeof before !== "string" ? undefined : before;
    const made =
      existing?.content === inputs.content
        ? { sha: existing.sha, commitSha: await lastCommit(github, at) }
        : await commit(github, inputs, "Update", replaced);
    return outputs(inputs, branch, { ...made, repositoryId: repository.id });
  },

  async delete(github, id, prior) {
    const { api, owner } = github;
    const at = { ...parseFileId(id), repository: prior.inputs.repository };
    const existing = await get(github, at);
    if (existing !== undefined) {
      const request = { owner, repo: at.repository, path: at.file, sha: existing.sha };
      await deleted(api.rest.repos.deleteFile({ ...request, ...commitOptions(prior.inputs, "Delete") }));
    }
  },
};
