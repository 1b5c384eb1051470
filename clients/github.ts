import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { splitFullName } from "../contracts/git.ts";
import type { GithubAccess } from "../contracts/runner-settings.ts";

/** What a token allows: no more than what its user needs. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

/** The client's own logger writes what failed, with the request, to the console. */
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** GitHub as the pipeline's App: tokens are limited to one repository and to what is needed there. */
export class GithubApp {
  readonly #access: GithubAccess;
  readonly #permissions: Permissions;
  readonly #readKey: (secret: string) => Promise<string>;
  #auth: Promise<ReturnType<typeof createAppAuth>> | undefined;
  readonly #installations = new Map<string, Promise<number>>();

  /** `readKey` resolves with the App's private key, PEM, by the secret's name. */
  constructor(access: GithubAccess, permissions: Permissions, readKey: (secret: string) => Promise<string>) {
    this.#access = access;
    this.#permissions = permissions;
    this.#readKey = readKey;
  }

  /** A client for one repository, `owner/name`, good for at least a minute: ask again for the next piece of work. */
  async repository(fullName: string): Promise<Octokit> {
    const { owner, repo } = splitFullName(fullName);
    const auth = await this.#appAuth();
    const installationId = await remembered(this.#installations, owner, async () => {
      const { token } = await auth({ type: "app" });
      return (await this.#octokit(token).rest.apps.getRepoInstallation({ owner, repo })).data.id;
    });
    const { token } = await auth({
      type: "installation",
      installationId,
      repositoryNames: [repo],
      permissions: { ...this.#permissions },
    });
    return this.#octokit(token);
  }

  #octokit(token: string): Octokit {
    return new Octokit({ baseUrl: this.#baseUrl(), auth: token, log: SILENT });
  }

  #baseUrl(): string {
    return this.#access.apiUrl.replace(/\/+$/, "");
  }

  /** Keeps the key while it works; a failed read is no key to keep. */
  #appAuth(): Promise<ReturnType<typeof createAppAuth>> {
    this.#auth ??= this.#readKey(this.#access.privateKeySecret).then((privateKey) =>
      createAppAuth({
        appId: this.#access.appId,
        privateKey,
        request: new Octokit({ baseUrl: this.#baseUrl(), log: SILENT }).request,
      }),
    );
    this.#auth.catch(() => {
      this.#auth = undefined;
    });
    return this.#auth;
  }
}

function remembered<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  find: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key) ?? find();
  known.set(key, found);
  found.catch(() => known.delete(key));
  return found;
}
