import { actorOf } from "../access.ts";
import type { Identity } from "../auth.ts";
import { type RequestState, requestState } from "../context.ts";
import { gitSync } from "../git/run.ts";
import { HttpError } from "../host/router.ts";
import type { Repository, Tables } from "../host/rows.ts";
import type { Collection, Row, Store } from "../host/store.ts";
import { latest, type Status, statusesTable } from "../routes/statuses.ts";
import { applicable, evaluate, type RefUpdate, restMessage, type Violation } from "./evaluate.ts";
import type { RulesetInput } from "./schema.ts";

export interface Ruleset extends Row, RulesetInput {
  readonly repo_id: number;
  readonly node_id: string;
}

export function rulesetsTable(store: Store): Collection<Ruleset> {
  return store.collection<Ruleset>("front.rulesets", ["repo_id"]);
}

const PASSING = new Set(["success", "neutral", "skipped"]);

/** Judges changes of refs by the rulesets of their repository, with facts from git and from the check runs. */
export class Enforcement {
  private readonly rulesets: Collection<Ruleset>;
  private readonly statuses: Collection<Status>;

  constructor(
    store: Store,
    private readonly db: Tables,
    private readonly directoryOf: (repository: number) => string,
  ) {
    this.rulesets = rulesetsTable(store);
    this.statuses = statusesTable(store);
  }

  /** Whether any rule can speak about a push to this repository at all. */
  concerns(repository: Repository): boolean {
    return this.rulesets.findBy("repo_id", repository.id).some(({ enforcement }) => enforcement === "active");
  }

  /** What the rules say against a change of a ref. `environment` lets git see objects in quarantine. */
  violations(
    repository: Repository,
    identity: Identity | undefined,
    ref: string,
    before: string | undefined,
    after: string | undefined,
    extra: { environment?: Readonly<Record<string, string>>; merge?: RequestState["merge"] } = {},
  ): Violation[] {
    const rulesets = this.rulesets.findBy("repo_id", repository.id);
    if (applicable(rulesets, ref, repository.default_branch).length === 0) return [];
    const directory = this.directoryOf(repository.id);
    const git = (args: readonly string[]) =>
      gitSync(directory, args, "", extra.environment).toString("utf8").trim();
    const update: RefUpdate = {
      ref,
      kind: before === undefined ? "creation" : after === undefined ? "deletion" : "update",
      fastForward: () =>
        before === undefined ||
        after === undefined ||
        git(["rev-list", "--max-count=1", `${before}^{commit}`, `^${after}^{commit}`]) === "",
      introducesMergeCommit: () => {
        const known = before === undefined ? ["--not", "--branches"] : [`^${before}`];
        return git(["rev-list", "--min-parents=2", "--max-count=1", after ?? "", ...known]) !== "";
      },
      checkPassed: (context, integration) =>
        this.checkPassed(repository.id, extra.merge?.head ?? after ?? "", context, integration),
      ...(extra.merge === undefined ? {} : { merge: extra.merge }),
    };
    return evaluate(rulesets, update, actorOf(this.db, identity, repository), repository.default_branch);
  }

  /** Refuses what the current REST request does to a ref, in the way of the route that does it. */
  guard(repository: Repository, ref: string, before: string | undefined, after: string | undefined): void {
    const state = requestState.getStore();
    if (state === undefined || state.trusted === true) return;
    const merge = state.merge === undefined ? {} : { merge: state.merge };
    const found = this.violations(repository, state.identity, ref, before, after, merge);
    if (found.length === 0) return;
    const status = state.merge !== undefined ? 405 : state.path.includes("/contents/") ? 409 : 422;
    throw new HttpError(status, restMessage(found));
  }

  private checkPassed(
    repository: number,
    sha: string,
    context: string,
    integration: number | undefined,
  ): boolean {
    const run = this.db.checkRuns
      .findBy("head_sha", sha)
      .filter((row) => row.repo_id === repository && row.name === context)
      .filter((row) => integration === undefined || row.app_id === integration)
      .sort((left, right) => left.id - right.id)
      .at(-1);
    if (run !== undefined) return run.status === "completed" && PASSING.has(run.conclusion ?? "");
    const statuses = this.statuses
      .findBy("sha", sha)
      .filter((row) => row.repo_id === repository && row.context === context)
      .filter((row) => integration === undefined || row.app_id === integration);
    return latest(statuses)[0]?.state === "success";
  }
}
