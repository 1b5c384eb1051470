import { secret } from "@pulumi/pulumi";
import { GithubAppKey } from "../github-app-key.ts";

/** The App of tests. */
export function appAccess() {
  const key = new GithubAppKey("github-app", {
    secretName: "hypriot-test-github-app-key",
    privateKey: secret("the App's key"),
    secretRecoveryDays: 0,
    tags: {},
  });
  return { apiUrl: "https://api.github.example", appId: 7, key };
}
