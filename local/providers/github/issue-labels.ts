import type { IssueLabelsArgs } from "@pulumi/github/issueLabels.js";
import type { CheckFailure, Inputs, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub } from "./client.ts";
import { asWritten } from "./written.ts";

export interface Label {
  readonly name: string;
  /** Six hexadecimal digits, no '#'. */
  readonly color: string;
  readonly description?: string | undefined;
}

export interface LabelPlan {
  readonly create: readonly Label[];
  /** Edits in place, so that issues keep the label; `current` differs from `label.name` in case at most. */
  readonly edit: readonly { readonly current: string; readonly label: Label }[];
  readonly remove: readonly string[];
}

const sameLabel = (left: Label, right: Label) =>
  left.name === right.name &&
  left.color.toLowerCase() === right.color.toLowerCase() &&
  (left.description ?? "") === (right.description ?? "");

/** What makes the labels `have` into `want`. GitHub's label names are equal whatever their case. */
export function planLabels(have: readonly Label[], want: readonly Label[]): LabelPlan {
  const wanted = new Map(want.map((label) => [label.name.toLowerCase(), label]));
  const existing = new Map(have.map((label) => [label.name.toLowerCase(), label]));
  return {
    create: want.filter((label) => !existing.has(label.name.toLowerCase())),
    edit: have.flatMap((label) => {
      const next = wanted.get(label.name.toLowerCase());
      return next === undefined || sameLabel(label, next) ? [] : [{ current: label.name, label: next }];
    }),
    remove: have.filter((label) => !wanted.has(label.name.toLowerCase())).map((label) => label.name),
  };
}

type LabelsInputs = Inputs<IssueLabelsArgs>;

function check(inputs: Partial<LabelsInputs>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const seen = new Map<string, number>();
  for (const [index, label] of (inputs.labels ?? []).entries()) {
    const name = label?.name;
    if (typeof label?.color === "string" && !/^[0-9a-fA-F]{6}$/.test(label.color)) {
      const reason = `found ${JSON.stringify(label.color)}; expected six hexadecimal digits without '#'`;
      failures.push({ property: `labels[${index}].color`, reason });
    }
    if (typeof name !== "string") {
      continue;
    }
    const first = seen.get(name.toLowerCase());
    if (first !== undefined) {
      const reason = `found ${JSON.stringify(name)} again; expected a name that differs from labels[${first}]`;
      failures.push({ property: `labels[${index}].name`, reason });
    }
    seen.set(name.toLowerCase(), first ?? index);
  }
  return failures;
}

async function list({ api, owner }: GitHub, repo: string): Promise<Label[]> {
  const labels = await api.paginate(api.rest.issues.listLabelsForRepo, { owner, repo, per_page: 100 });
  return labels.map(({ name, color, description }) => ({
    name,
    color,
    ...(description === null || description === "" ? {} : { description }),
  }));
}

/** Makes the repository's labels exactly `inputs.labels`: whatever else it has is removed. */
async function apply(github: GitHub, inputs: LabelsInputs): Promise<void> {
  const { api, owner } = github;
  const repo = inputs.repository;
  const plan = planLabels(await list(github, repo), inputs.labels ?? []);
  for (const name of plan.remove) {
    await deleted(api.rest.issues.deleteLabel({ owner, repo, name }));
  }
  for (const { current, label } of plan.edit) {
    const { name: new_name, color, description = "" } = label;
    await api.rest.issues.updateLabel({ owner, repo, name: current, new_name, color, description });
  }
  for (const { name, color, description = "" } of plan.create) {
    await api.rest.issues.createLabel({ owner, repo, name, color, description });
  }
}

export const issueLabels: ResourceHandler<IssueLabelsArgs, GitHub> = {
  type: "github:index/issueLabels:IssueLabels",
  properties: {
    repository: { required: true, replace: true },
    labels: { unordered: true, fields: { name: true, color: true, description: true } },
  },
  // One list per repository: made beside the old one, it would be emptied with it.
  deleteBeforeReplace: true,
  check,

  async create(github, inputs) {
    await apply(github, inputs);
    return { id: inputs.repository, outputs: {} };
  },

  async read(github, id, prior) {
    const labels = await found(list(github, id));
    if (labels === undefined) {
      return undefined;
    }
    const before = prior?.inputs.labels;
    const written = labels.map((label) => {
      const same = before?.find((other) => sameLabel(label, other));
      return same ?? label;
    });
    const shown = asWritten(written, before) as LabelsInputs["labels"];
    const inputs: LabelsInputs = { repository: id, ...(shown === undefined ? {} : { labels: shown }) };
    return { inputs, outputs: {} };
  },

  async update(github, _id, inputs) {
    await apply(github, inputs);
    return {};
  },

  async delete({ api, owner }, id, prior) {
    for (const { name } of prior.inputs.labels ?? []) {
      await deleted(api.rest.issues.deleteLabel({ owner, repo: id, name }));
    }
  },
};
