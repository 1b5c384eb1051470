import {
  type asset,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  jsonStringify,
  type Output,
  output,
} from "@pulumi/pulumi";
import { PINS_SETTINGS_VARIABLE } from "../contracts/pins-settings.ts";
import { type GithubAppAccess, githubAccess } from "./github-app-key.ts";
import type { FunctionSettings } from "./lambda-function.ts";
import { readPublishedReleases, readSecrets, type Statement } from "./plan/policy.ts";
import { componentTags, type Tags } from "./plan/tags.ts";
import { SubscribedFunction } from "./subscribed-function.ts";

export interface VersionPinsArgs {
  /** The function's name. */
  readonly functionName: string;
  /** Bundle of `functions/pins`, with the catalogue beside it. */
  readonly code: asset.Archive;
  /** Of all functions; this one may run longer. */
  readonly settings: FunctionSettings;
  /** The owner of every repository. */
  readonly organization: string;
  /** Name of the repository that new boards are generated from. */
  readonly template: string;
  readonly github: GithubAppAccess;
  readonly bucket: { readonly name: Input<string>; readonly arn: Input<string> };
  /** ARN of the topic that tells of published releases. */
  readonly topicArn: Input<string>;
  readonly alarmTopicArn: Input<string>;
  readonly tags: Tags;
}

/** What the function reads, by ARN. */
export interface PinsReach {
  readonly bucket: string;
  readonly appKey: string;
}

/** What the function may do: read what was published. All that it changes, it changes on GitHub, as the App. */
export function pinsStatements({ bucket, appKey }: PinsReach): readonly Statement[] {
  return [readPublishedReleases(bucket), readSecrets([appKey])];
}

/** Lambda's longest: boards are told one after another. */
const TIMEOUT_SECONDS = 900;

/** Is told of published releases, and proposes them to the boards that can pin them, by pull request. */
export class VersionPins extends ComponentResource {
  readonly functionName: Output<string>;

  constructor(name: string, args: VersionPinsArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:VersionPins", name, {}, opts);
    const subscribed = new SubscribedFunction(
      name,
      {
        functionName: args.functionName,
        description: "Opens pull requests that pin a published release in the boards' repositories",
        code: args.code,
        settings: { ...args.settings, timeoutSeconds: TIMEOUT_SECONDS },
        environment: {
          [PINS_SETTINGS_VARIABLE]: jsonStringify({
            organization: args.organization,
            bucket: args.bucket.name,
            template: args.template,
            github: githubAccess(args.github),
          }),
        },
        statements: output({ bucket: args.bucket.arn, appKey: args.github.key.arn }).apply(pinsStatements),
        after: args.github.key.ready,
        topicArn: args.topicArn,
        alarmTopicArn: args.alarmTopicArn,
        tags: componentTags(args.tags, "version-pins"),
      },
      { parent: this },
    );
    this.functionName = subscribed.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }
}
