import { compare, resolveCommit } from "../git/compare.ts";
import { git } from "../git/run.ts";
import { type Context, HttpError } from "../host/router.ts";
import type { Repository } from "../host/rows.ts";
import type { RouteParts } from "./all.ts";
import { showCommits, showFiles } from "./diffs.ts";
import { page, repositoryOf } from "./support.ts";

const SHOWN_COMMITS = 250;
const SHOWN_FILES = 300;

/** Histories and comparisons by git: the emulator's walks take time that grows with the square of the history. */
export function addCommits(front: RouteParts): void {
  const { router, db, baseUrl, directoryOf } = front;

  const resolve = async (repository: Repository, name: string): Promise<string> => {
    const found = await resolveCommit(directoryOf(repository.id), name);
    if (found === undefined) throw new HttpError(404, "Not Found");
    return found;
  };

  const filters = (context: Context): string[] => {
    const given = (name: string) => context.req.query(name) ?? "";
    const person = (name: string) => {
      const wanted = given(name);
      const email = db.users.findOneBy("login", wanted)?.email;
      return wanted === ""
        ? []
        : [`--${name}=${email ?? wanted}`, ...(email ? [`--${name}=${wanted}@`] : [])];
    };
    const date = (name: string) => {
      const wanted = given(name);
      if (wanted !== "" && Number.isNaN(Date.parse(wanted)))
        throw new HttpError(422, `${name}: found ${wanted}; expected an ISO 8601 date`);
      return wanted === "" ? [] : [`--${name}=${wanted}`];
    };
    return [
      "--fixed-strings",
      ...person("author"),
      ...person("committer"),
      ...date("since"),
      ...date("until"),
    ];
  };

  router.get("/repos/:owner/:repo/commits", async (context) => {
    const repository = repositoryOf(db, context);
    if (db.refs.findBy("repo_id", repository.id).length === 0)
      throw new HttpError(409, "Git Repository is empty.");
    const head = await resolve(repository, context.req.query("sha") ?? repository.default_branch);
    const path = context.req.query("path");
    const args = ["rev-list", "--date-order", ...filters(context), head, "--", ...(path ? [path] : [])];
    const { stdout } = await git(directoryOf(repository.id), args);
    const ids = stdout
      .toString("utf8")
      .split("\n")
      .filter((id) => id !== "");
    return context.json(showCommits(front, repository, page(context, ids)));
  });

  router.get("/repos/:owner/:repo/compare/:basehead{.+}", async (context) => {
    const repository = repositoryOf(db, context);
    const [base, head] = context.req.param("basehead").split("...");
    if (base === undefined || head === undefined) throw new HttpError(404, "Not Found");
    const directory = directoryOf(repository.id);
    const from = await resolve(repository, base);
    const to = await resolve(repository, head);
    const { mergeBase, files, commits } = await compare(directory, from, to);
    if (mergeBase === undefined) throw new HttpError(404, `No common ancestor between ${base} and ${head}.`);
    const counted = await git(directory, ["rev-list", "--count", `${to}..${from}`]);
    const behind = Number(counted.stdout.toString("utf8"));
    const ahead = commits.length;
    const status =
      ahead > 0 && behind > 0 ? "diverged" : ahead > 0 ? "ahead" : behind > 0 ? "behind" : "identical";
    const paged = context.req.query("page") !== undefined || context.req.query("per_page") !== undefined;
    const [baseCommit, mergeBaseCommit] = showCommits(front, repository, [from, mergeBase]);
    const name = `${base}...${head}`;
    const shown = paged ? page(context, commits) : commits.slice(-SHOWN_COMMITS);
    return context.json({
      url: `${baseUrl}/repos/${repository.full_name}/compare/${name}`,
      html_url: `${baseUrl}/${repository.full_name}/compare/${name}`,
      permalink_url: `${baseUrl}/${repository.full_name}/compare/${from.slice(0, 12)}...${to.slice(0, 12)}`,
      diff_url: `${baseUrl}/${repository.full_name}/compare/${name}.diff`,
      patch_url: `${baseUrl}/${repository.full_name}/compare/${name}.patch`,
      base_commit: baseCommit,
      merge_base_commit: mergeBaseCommit,
      status,
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: showCommits(front, repository, shown),
      files: await showFiles(front, repository, mergeBase, to, files.slice(0, SHOWN_FILES)),
    });
  });
}
