import { Octokit } from "@octokit/rest";
import { githubStatus } from "../../clients/github-app.ts";

/** A rule of a ruleset that the program's own commits would be refused by. */
export interface Blocker {
  readonly ruleset: string;
  readonly rule: string;
}

/** What there is of a repository before it is taken over. */
export interface ExistingRepository {
  /** `<organization>/<name>`, as GitHub writes it: another one than was asked for where it was renamed. */
  readonly fullName: string;
  readonly archived: boolean;
  readonly visibility: string;
  readonly defaultBranch: string;
  /** Open issues and pull requests. */
  readonly open: number;
  readonly releases: number;
  readonly labels: readonly string[];
  /** Path → content on the default branch, of the files that were asked for and are there. */
  readonly files: ReadonlyMap<string, string>;
  readonly rulesets: readonly string[];
  readonly blockers: readonly Blocker[];
  /** What a classic protection of the default branch wants of the App's commits, undefined where there is none. */
  readonly protection: readonly string[] | undefined;
  /** Where its webhooks go, by host. */
  readonly hooks: readonly string[];
  /** Team slug → permission. */
  readonly teams: ReadonlyMap<string, string>;
}

export interface OrganizationAccess {
  readonly owner: string;
  /** Base of the REST API, without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string;
  /** Slug of the App that the program acts as. */
  readonly app: string | undefined;
}

/** Rules that stop a commit of whoever may not pass them. Those on deletion and history do not. */
const STOPPING = new Set(["pull_request", "required_status_checks", "update", "required_signatures"]);

/** The answer; undefined where GitHub says that there is no such thing. */
async function found<Answer>(request: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await request;
  } catch (error) {
    if (githubStatus(error) === 404) return undefined;
    throw error;
  }
}

/** Looks at an organization and cannot do more: a request that is not a GET is never sent. */
export class OrganizationReader {
  readonly #api: Octokit;
  readonly #owner: string;
  readonly #app: string | undefined;

  constructor({ owner, baseUrl, token, app }: OrganizationAccess) {
    const silent = () => undefined;
    this.#owner = owner;
    this.#app = app;
    this.#api = new Octokit({
      auth: token,
      baseUrl,
      // A 404 is an answer here: the client's own log would print each one.
      log: { debug: silent, info: silent, warn: silent, error: silent },
    });
    this.#api.hook.before("request", ({ method, url }) => {
      if (method !== "GET") throw new TypeError(`${method} ${url}: adopt only reads`);
    });
  }

  /** Names of all repositories that the token sees. */
  async repositories(): Promise<readonly string[]> {
    const api = this.#api;
    const all = await api.paginate(api.rest.repos.listForOrg, { org: this.#owner, per_page: 100 });
    return all.map(({ name }) => name).sort();
  }

  /** All that matters of a repository; undefined where there is none of this name. `paths`: files to look for. */
  async repository(repo: string, paths: readonly string[]): Promise<ExistingRepository | undefined> {
    const { rest } = this.#api;
    const at = { owner: this.#owner, repo };
    const answer = await found(rest.repos.get(at));
    if (answer === undefined) return undefined;
    const { data } = answer;
    const branch = data.default_branch;
    const [labels, releases, hooks, teams, rulesets] = await Promise.all([
      this.#api.paginate(rest.issues.listLabelsForRepo, { ...at, per_page: 100 }),
      this.#api.paginate(rest.repos.listReleases, { ...at, per_page: 100 }),
      this.#api.paginate(rest.repos.listWebhooks, { ...at, per_page: 100 }),
      this.#api.paginate(rest.repos.listTeams, { ...at, per_page: 100 }),
      this.#api.paginate(rest.repos.getRepoRulesets, { ...at, per_page: 100 }),
    ]);
    return {
      fullName: data.full_name,
      archived: data.archived,
      visibility: data.visibility ?? (data.private ? "private" : "public"),
      defaultBranch: branch,
      open: data.open_issues_count,
      releases: releases.length,
      labels: labels.map(({ name }) => name),
      files: await this.#files(repo, branch, paths),
      rulesets: rulesets.map(({ name }) => name),
      blockers: await this.#blockers(repo, branch),
      protection: await this.#protection(repo, branch),
      hooks: hooks.map(({ config }) => hostOf(config.url)),
      teams: new Map(teams.map(({ slug, permission }) => [slug, permission])),
    };
  }

  async #files(repo: string, ref: string, paths: readonly string[]) {
    const files = new Map<string, string>();
    for (const path of paths) {
      const answer = await found(this.#api.rest.repos.getContent({ owner: this.#owner, repo, path, ref }));
      if (answer === undefined || Array.isArray(answer.data) || answer.data.type !== "file") continue;
      files.set(path, Buffer.from(answer.data.content, "base64").toString("utf8"));
    }
    return files;
  }

  /** Rules on the branch, the organization's too, that the token's owner may not pass with a commit. */
  async #blockers(repo: string, branch: string): Promise<readonly Blocker[]> {
    const at = { owner: this.#owner, repo };
    const { rest } = this.#api;
    const rules = await this.#api.paginate(rest.repos.getBranchRules, { ...at, branch, per_page: 100 });
    const stopping = rules.filter(({ type }) => STOPPING.has(type));
    const blockers: Blocker[] = [];
    for (const id of new Set(stopping.flatMap(({ ruleset_id }) => ruleset_id ?? []))) {
      const answer = await found(
        rest.repos.getRepoRuleset({ ...at, ruleset_id: id, includes_parents: true }),
      );
      if (answer?.data.current_user_can_bypass === "always") continue;
      const own = stopping.filter(({ ruleset_id }) => ruleset_id === id);
      blockers.push(...own.map(({ type }) => ({ ruleset: answer?.data.name ?? `number ${id}`, rule: type })));
    }
    return blockers;
  }

  /** In words: what a classic protection asks of a commit of the App's. */
  async #protection(repo: string, branch: string): Promise<readonly string[] | undefined> {
    const request = { owner: this.#owner, repo, branch };
    const answer = await found(this.#api.rest.repos.getBranchProtection(request));
    if (answer === undefined) return undefined;
    const { required_pull_request_reviews: reviews, required_status_checks, restrictions } = answer.data;
    const passes = (apps: readonly ({ readonly slug?: string } | null)[] | undefined) =>
      this.#app !== undefined && apps?.some((app) => app?.slug === this.#app) === true;
    return [
      ...(reviews && !passes(reviews.bypass_pull_request_allowances?.apps) ? ["a pull request"] : []),
      ...(required_status_checks ? ["checks"] : []),
      ...(restrictions && !passes(restrictions.apps) ? ["somebody who may push"] : []),
      ...(answer.data.required_signatures?.enabled ? ["a signature"] : []),
    ];
  }
}

/** A webhook's path may hold a key: only the host is told. */
function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : "an address that is none";
}
