import { join } from "node:path";
import type { CloudInfo } from "../../local/cloud/types.ts";

/** Of the user's own accounts: none of it may reach a stack that lives on this machine. */
const foreign = /^(AWS_|GITHUB_|PULUMI_)/;
/** Read by every Node.js process at its start, for 50 ms of it, and nothing of a local stack speaks TLS. */
const certificates = "NODE_EXTRA_CA_CERTS";
/** Of the engine's own switches, what a person may want to set for a run. */
const allowed = new Set([
  "AWS_CA_BUNDLE",
  "PULUMI_PARALLEL",
  "PULUMI_PARALLEL_DIFF",
  "PULUMI_SKIP_CHECKPOINTS",
  "PULUMI_EXPERIMENTAL",
  "PULUMI_DEBUG_GRPC",
  "PULUMI_DEBUG_COMMANDS",
  "PULUMI_OPTION_COLOR",
]);

/**
 * The engine's address of a folder with state. Without the sidecar files that say what each file's type and digest
 * is: nobody asks, they are made anew with the whole state at each step, and not whole: an engine that is killed
 * meanwhile would leave a state that no later one reads.
 */
export function stateUrl(folder: string): string {
  return `file://${folder}?metadata=skip`;
}

/**
 * The environment of engine commands on a local stack: state, plugins and passphrase in the state folder, credentials
 * of the local cloud, no calls home.
 */
export function engineEnvironment(
  own: NodeJS.ProcessEnv,
  stack: {
    readonly stateDir: string;
    readonly home: string;
    readonly stack: string;
    readonly cloud: CloudInfo;
    /** The local App's key, PEM. */
    readonly appPrivateKey: string;
  },
): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(
    ([name]) => name !== certificates && (!foreign.test(name) || allowed.has(name)),
  );
  const { aws, github } = stack.cloud;
  const noProxy = [own.NO_PROXY ?? own.no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return {
    ...Object.fromEntries(kept),
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    PULUMI_HOME: stack.home,
    PULUMI_BACKEND_URL: stateUrl(join(stack.stateDir, "pulumi")),
    PULUMI_CONFIG_PASSPHRASE_FILE: join(stack.stateDir, "passphrase"),
    PULUMI_STACK: stack.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Checkpoints stay on: without them an engine that is killed forgets all it made, and they cost less than a second.
    // A copy of the whole state before each write doubles the cost of every step, and nobody reads it here.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_REGION: aws.region,
    AWS_EC2_METADATA_DISABLED: "true",
    GITHUB_TOKEN: github.automationToken,
    GITHUB_APP_PRIVATE_KEY: stack.appPrivateKey,
  };
}
