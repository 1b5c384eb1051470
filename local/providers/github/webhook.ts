import type { RestEndpointMethodTypes } from "@octokit/rest";
import type { RepositoryWebhookArgs } from "@pulumi/github/repositoryWebhook.js";
import type { CheckFailure, Inputs, Outputs, ResourceHandler } from "../framework/resource.ts";
import { deleted, found, type GitHub, isTaken } from "./client.ts";
import { asWritten } from "./written.ts";

type WebhookInputs = Inputs<RepositoryWebhookArgs>;
type WebhookAnswer = RestEndpointMethodTypes["repos"]["getWebhook"]["response"]["data"];
type Configuration = NonNullable<WebhookInputs["configuration"]>;

/** GitHub's own default, sent always: an emulator's may differ. */
const CONTENT_TYPE = "form";

function body(inputs: WebhookInputs) {
  const {
    url,
    contentType = CONTENT_TYPE,
    insecureSsl = false,
    secret,
  } = inputs.configuration ?? { url: "" };
  return {
    name: "web",
    active: inputs.active ?? true,
    events: inputs.events,
    config: {
      url,
      content_type: contentType,
      insecure_ssl: insecureSsl ? "1" : "0",
      // Left out, GitHub takes the secret away.
      ...(secret === undefined ? {} : { secret }),
    },
  };
}

/** The inputs of a webhook as it is. GitHub shows that there is a secret, never which: the prior one stands. */
export function webhookInputs(
  repository: string,
  answer: WebhookAnswer,
  prior: WebhookInputs | undefined,
): WebhookInputs {
  const { url, content_type, insecure_ssl, secret } = answer.config;
  const actual = {
    url,
    contentType: content_type,
    insecureSsl: insecure_ssl === "1" || insecure_ssl === 1,
    secret: secret === undefined ? undefined : prior?.configuration?.secret,
  };
  const configuration = asWritten(actual, prior?.configuration, {
    contentType: CONTENT_TYPE,
  }) as Configuration;
  return {
    repository,
    events: asWritten(answer.events, prior?.events) as WebhookInputs["events"],
    active: answer.active,
    configuration,
  };
}

const outputs = (answer: WebhookAnswer): Outputs => ({ url: answer.url });

function check(inputs: Partial<WebhookInputs>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const { contentType, url } = inputs.configuration ?? {};
  if (typeof contentType === "string" && contentType !== "json" && contentType !== "form") {
    const reason = `found ${JSON.stringify(contentType)}; expected json or form`;
    failures.push({ property: "configuration.contentType", reason });
  }
  if (typeof url === "string" && !/^https?:\/\/\S+$/.test(url)) {
    failures.push({ property: "configuration.url", reason: "expected an http or https URL" });
  }
  return failures;
}

/** `<repository>/<id>`, as it is given to import; or the id alone, beside the prior repository. */
function locate(id: string, repository: string | undefined): { repo: string; hook_id: number } {
  const parts = id.split("/");
  const repo = parts.length === 2 ? parts[0] : repository;
  const hook_id = Number(parts.at(-1));
  if (repo === undefined || !Number.isSafeInteger(hook_id)) {
    throw new Error(`id: found ${JSON.stringify(id)}; expected <repository>/<number of the webhook>`);
  }
  return { repo, hook_id };
}

export const repositoryWebhook: ResourceHandler<RepositoryWebhookArgs, GitHub> = {
  type: "github:index/repositoryWebhook:RepositoryWebhook",
  properties: {
    repository: { required: true, replace: true },
    events: { required: true, unordered: true },
    active: { default: true },
    configuration: {
      required: true,
      fields: { url: true, contentType: true, insecureSsl: true, secret: true },
    },
  },
  // A repository that is renamed has the old webhook already, and GitHub takes no second one for its URL.
  deleteBeforeReplace: true,
  check,

  async create({ api, owner }, inputs) {
    const repo = inputs.repository;
    try {
      const { data } = await api.rest.repos.createWebhook({ owner, repo, ...body(inputs) });
      return { id: String(data.id), outputs: outputs(data) };
    } catch (error) {
      if (!isTaken(error)) {
        throw error;
      }
      // One repository has one webhook per URL: this is what an interrupted run made and could not record.
      const hooks = await api.paginate(api.rest.repos.listWebhooks, { owner, repo, per_page: 100 });
      const hook = hooks.find(({ config }) => config.url === inputs.configuration?.url);
      if (hook === undefined) {
        throw error;
      }
      const { data } = await api.rest.repos.updateWebhook({ owner, repo, hook_id: hook.id, ...body(inputs) });
      return { id: String(hook.id), outputs: outputs(data) };
    }
  },

  async read({ api, owner }, id, prior) {
    const { repo, hook_id } = locate(id, prior?.inputs.repository);
    const answer = await found(api.rest.repos.getWebhook({ owner, repo, hook_id }));
    if (answer === undefined) {
      return undefined;
    }
    const inputs = webhookInputs(repo, answer.data, prior?.inputs);
    return { id: String(hook_id), inputs, outputs: outputs(answer.data) };
  },

  async update({ api, owner }, id, inputs) {
    const { repo, hook_id } = locate(id, inputs.repository);
    const { data } = await api.rest.repos.updateWebhook({ owner, repo, hook_id, ...body(inputs) });
    return outputs(data);
  },

  async delete({ api, owner }, id, prior) {
    const { repo, hook_id } = locate(id, prior.inputs.repository);
    await deleted(api.rest.repos.deleteWebhook({ owner, repo, hook_id }));
  },
};
