import { requestState } from "../context.ts";
import type { Label, PullRequest } from "../host/collaboration.ts";
import { type Context, HttpError, type Next, type Reply } from "../host/router.ts";
import { nodeId } from "../host/rows.ts";
import { emitPullRequest } from "../pull-requests.ts";
import type { RouteParts } from "./all.ts";
import { identityOf, invalid, repositoryOf } from "./support.ts";

/** The label names of a request: a list, or an object with `labels`; each a name or an object with `name`. */
export function labelNames(body: unknown): string[] {
  const given: unknown = typeof body === "object" && body !== null && "labels" in body ? body.labels : body;
  const names = (Array.isArray(given) ? given : [given]).map((entry: unknown) =>
    typeof entry === "object" && entry !== null ? Reflect.get(entry, "name") : entry,
  );
  if (names.every((name) => typeof name === "string" && name !== "")) return names;
  throw invalid("Validation Failed", [`labels: found ${JSON.stringify(given)}; expected a list of names`]);
}

/** A label as the API and events show it. */
export function showLabel(label: Label, fullName: string, baseUrl: string): Record<string, unknown> {
  const { id, node_id, name, description, color } = label;
  const url = `${baseUrl}/repos/${fullName}/labels/${encodeURIComponent(name)}`;
  return { id, node_id, url, name, description, color, default: label.default };
}

/**
 * Labels of pull requests. The emulator tells the hooks of an issue, where GitHub sends `pull_request` (`labeled`),
 * and refuses where issues are switched off, which on GitHub does not concern pull requests.
 */
export function addPullLabels(front: RouteParts): void {
  const { router, db, store, baseUrl } = front;
  const labels = store.collection<Label>("github.labels", ["repo_id"]);
  const root = "/repos/:owner/:repo/issues/:number{\\d+}/labels";

  const show = (label: Label, fullName: string) => showLabel(label, fullName, baseUrl);
  const labelOf = (repo_id: number, name: string): Label => {
    const found = labels
      .findBy("repo_id", repo_id)
      .find((row) => row.name.toLowerCase() === name.toLowerCase());
    const id = labels.nextId();
    // GitHub makes a label that is not there.
    return (
      found ??
      labels.insert({
        repo_id,
        name,
        description: null,
        color: "ededed",
        default: false,
        node_id: nodeId("Label", id),
      })
    );
  };

  /** Sets the labels, tells the hooks of each that came or went, and answers with those that are there. */
  const set = async (context: Context, pull: PullRequest, ids: readonly number[]): Promise<Reply> => {
    const before = pull.label_ids;
    const label_ids = [...new Set(ids)];
    const updated = db.pullRequests.update(pull.id, { label_ids }) ?? pull;
    const issue = db.issues.findBy("repo_id", pull.repo_id).find(({ number }) => number === pull.number);
    if (issue !== undefined) db.issues.update(issue.id, { label_ids });
    const repository = repositoryOf(db, context);
    const identity = requestState.getStore()?.identity ?? identityOf(context);
    const tell = async (action: string, some: readonly number[]) => {
      for (const id of some) {
        const label = labels.get(id);
        if (label === undefined) continue;
        await emitPullRequest(front, action, updated, identity, { label: show(label, repository.full_name) });
      }
    };
    await tell(
      "unlabeled",
      before.filter((id) => !label_ids.includes(id)),
    );
    await tell(
      "labeled",
      label_ids.filter((id) => !before.includes(id)),
    );
    const present = label_ids.flatMap((id) => labels.get(id) ?? []);
    return context.json(present.map((label) => show(label, repository.full_name)));
  };

  type PullHandler = (context: Context, pull: PullRequest) => Reply | Promise<Reply>;
  const forPulls = (handler: PullHandler) => (context: Context, next: Next) => {
    const number = Number(context.req.param("number"));
    const pull = db.pullRequests
      .findBy("repo_id", repositoryOf(db, context).id)
      .find((row) => row.number === number);
    return pull === undefined ? next() : handler(context, pull);
  };
  const wanted = async (context: Context, pull: PullRequest) =>
    labelNames(JSON.parse(await context.req.text())).map((name) => labelOf(pull.repo_id, name).id);

  router.get(
    root,
    forPulls((context, pull) => {
      const { full_name } = repositoryOf(db, context);
      return context.json(
        pull.label_ids.flatMap((id) => labels.get(id) ?? []).map((label) => show(label, full_name)),
      );
    }),
  );
  router.post(
    root,
    forPulls(async (context, pull) =>
      set(context, pull, [...pull.label_ids, ...(await wanted(context, pull))]),
    ),
  );
  router.put(
    root,
    forPulls(async (context, pull) => set(context, pull, await wanted(context, pull))),
  );
  router.delete(
    root,
    forPulls(async (context, pull) => {
      await set(context, pull, []);
      return context.body(null, 204);
    }),
  );
  router.delete(
    `${root}/:name`,
    forPulls((context, pull) => {
      const name = context.req.param("name").toLowerCase();
      const label = pull.label_ids
        .flatMap((id) => labels.get(id) ?? [])
        .find((row) => row.name.toLowerCase() === name);
      if (label === undefined) throw new HttpError(404, "Label does not exist");
      return set(
        context,
        pull,
        pull.label_ids.filter((id) => id !== label.id),
      );
    }),
  );
}
