import type { IssueLabelArgs } from "@pulumi/github/issueLabel.js";
import type { CheckFailure, Inputs, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub, statusOf } from "./client.ts";

type LabelInputs = Inputs<IssueLabelArgs>;

/** `<repository>:<name>`: a repository's name has no colon, a label's may. */
function locate(id: string): { repo: string; name: string } {
  const at = id.indexOf(":");
  if (at <= 0 || at === id.length - 1) {
    throw new Error(`id: found ${JSON.stringify(id)}; expected <repository>:<label>`);
  }
  return { repo: id.slice(0, at), name: id.slice(at + 1) };
}

function nameOf({ name }: LabelInputs): string {
  if (name === undefined) throw new Error("name: missing; expected the label's name");
  return name;
}

/** Makes the label `current` as `inputs` say, in place: issues keep it. Makes it where there is none. */
async function write({ api, owner }: GitHub, inputs: LabelInputs, current: string): Promise<string> {
  const { repository: repo, color, description = "" } = inputs;
  const name = nameOf(inputs);
  try {
    const made = await api.rest.issues.createLabel({ owner, repo, name, color, description });
    return made.data.url;
  } catch (error) {
    // GitHub's label names are equal whatever their case.
    if (statusOf(error) !== 422 || !/already.exists/i.test(String(error))) throw error;
    const edit = { owner, repo, name: current, new_name: name, color, description };
    return (await api.rest.issues.updateLabel(edit)).data.url;
  }
}

function check({ color }: Partial<LabelInputs>): CheckFailure[] {
  if (typeof color !== "string" || /^[0-9a-fA-F]{6}$/.test(color)) return [];
  const reason = `found ${JSON.stringify(color)}; expected six hexadecimal digits without '#'`;
  return [{ property: "color", reason }];
}

/** One label; all others of its repository are people's. */
export const issueLabel: ResourceHandler<IssueLabelArgs, GitHub> = {
  type: "github:index/issueLabel:IssueLabel",
  properties: {
    repository: { required: true, replace: true },
    name: { required: true, replace: true },
    color: { required: true },
    description: { default: "" },
  },
  check,

  async create(github, inputs) {
    const name = nameOf(inputs);
    return { id: `${inputs.repository}:${name}`, outputs: { url: await write(github, inputs, name) } };
  },

  async read({ api, owner }, id, prior) {
    const { repo, name } = locate(id);
    const answer = await found(api.rest.issues.getLabel({ owner, repo, name }));
    if (answer === undefined) return undefined;
    const { color, description, url } = answer.data;
    const same = prior?.inputs.color.toLowerCase() === color.toLowerCase() ? prior.inputs.color : color;
    return {
      inputs: { repository: repo, name: answer.data.name, color: same, description: description ?? "" },
      outputs: { url },
    };
  },

  async update(github, id, inputs) {
    return { url: await write(github, inputs, locate(id).name) };
  },

  async delete({ api, owner }, id) {
    const { repo, name } = locate(id);
    await deleted(api.rest.issues.deleteLabel({ owner, repo, name }));
  },
};
