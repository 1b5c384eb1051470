import { readFileSync } from "node:fs";
import { createAppAuth } from "@octokit/auth-app";
import { request } from "@octokit/request";
import type { CloudInfo } from "../../local/cloud/types.ts";

/**
 * A token of the pipeline's App, valid for an hour. The engine acts as the App and not as a person: the rules that
 * it makes let the App alone write to a protected branch.
 */
export async function installationToken({ baseUrl, app }: CloudInfo["github"]): Promise<string> {
  const auth = createAppAuth({
    appId: app.id,
    privateKey: readFileSync(app.privateKeyFile, "utf8"),
    installationId: app.installationId,
    request: request.defaults({ baseUrl: baseUrl.replace(/\/$/, "") }),
  });
  const { token } = await auth({ type: "installation" });
  return token;
}
