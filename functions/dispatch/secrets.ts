import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";

const Secrets = z.record(z.string(), z.string().min(1));

/** A repository that was added a moment ago must not wait longer than this for its secret to be seen. */
const RELOAD_AFTER_MS = 5_000;

/** The webhook secrets by repository, kept between calls and read again where one is missing or wrong. */
export class WebhookSecrets {
  readonly #client: SecretsManagerClient;
  readonly #name: string;
  #known: Readonly<Record<string, string>> = {};
  #loadedAt = Number.NEGATIVE_INFINITY;

  constructor(client: SecretsManagerClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** The secret of a repository; undefined for one that the pipeline does not know. */
  async of(repository: string, now: number, abortSignal: AbortSignal): Promise<string | undefined> {
    if (!Object.hasOwn(this.#known, repository)) await this.reload(now, abortSignal);
    return Object.hasOwn(this.#known, repository) ? this.#known[repository] : undefined;
  }

  /** Reads the secrets again, unless they were read a moment ago. Resolves with whether it did. */
  async reload(now: number, abortSignal: AbortSignal): Promise<boolean> {
    if (now - this.#loadedAt < RELOAD_AFTER_MS) return false;
    const answer = await this.#client.send(new GetSecretValueCommand({ SecretId: this.#name }), {
      abortSignal,
    });
    this.#known = Secrets.parse(JSON.parse(answer.SecretString ?? "{}"));
    this.#loadedAt = now;
    return true;
  }
}
