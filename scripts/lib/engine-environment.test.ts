import { expect, it } from "vitest";
import { engineEnvironment } from "./engine-environment.ts";

const cloud = {
  aws: {
    endpoint: "http://127.0.0.1:1",
    region: "us-east-1",
    accountId: "000000000000",
    accessKeyId: "AKIALOCAL",
    secretAccessKey: "local",
    pid: 1,
  },
  github: {
    baseUrl: "http://127.0.0.1:2",
    token: "admin-token",
    automationToken: "app-token",
    organization: "hypriot",
    app: { id: 1, slug: "app", installationId: 2, privateKeyFile: "/s/app.pem" },
    pid: 2,
  },
};

it("lets nothing of the user's own accounts reach the local stack", () => {
  const own = {
    PATH: "/bin",
    HOME: "/home/me",
    AWS_PROFILE: "production",
    AWS_SESSION_TOKEN: "mine",
    AWS_ENDPOINT_URL: "https://elsewhere.example.org",
    GITHUB_TOKEN: "mine",
    GITHUB_APP_PRIVATE_KEY: "mine",
    PULUMI_ACCESS_TOKEN: "mine",
    PULUMI_CONFIG_PASSPHRASE: "mine",
    PULUMI_PARALLEL: "4",
    NO_PROXY: "intranet",
    NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/ca-certificates.crt",
  };
  expect(
    engineEnvironment(own, {
      stateDir: "/s",
      home: "/s/home",
      stack: "local",
      cloud,
      appPrivateKey: "PEM",
    }),
  ).toEqual({
    PATH: "/bin",
    HOME: "/home/me",
    PULUMI_PARALLEL: "4",
    NO_PROXY: "intranet,127.0.0.1,localhost",
    no_proxy: "intranet,127.0.0.1,localhost",
    PULUMI_HOME: "/s/home",
    PULUMI_BACKEND_URL: "file:///s/pulumi?metadata=skip",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/s/passphrase",
    PULUMI_STACK: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    AWS_ACCESS_KEY_ID: "AKIALOCAL",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    GITHUB_TOKEN: "app-token",
    GITHUB_APP_PRIVATE_KEY: "PEM",
  });
});
