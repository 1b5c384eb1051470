import type { Change } from "./changes.ts";
import { at } from "./values.ts";
import type { ReportKind } from "./words.ts";

/** What is lost with a resource, by its type. A resource that is not here is made again as it was. */
const LOSSES: Readonly<Record<string, string>> = {
  "aws:s3/bucket:Bucket": "every artifact, release and cache in it",
  "aws:dynamodb/table:Table": "every record in it",
  "aws:sqs/queue:Queue": "the messages that wait in it",
  "aws:kms/key:Key": "the key: what it signed can be checked, nothing can be signed under it",
  "aws:secretsmanager/secret:Secret": "the secret, once its recovery days are over",
  "aws:cloudwatch/logGroup:LogGroup": "the logs in it",
  "aws:sns/topicSubscription:TopicSubscription": "the confirmation of who is told",
  "github:index/repository:Repository": "the repository with its commits, issues, pull requests and releases",
};

export interface Loss {
  readonly what: string;
  /** It is kept in some form. */
  readonly kept: boolean;
}

/** What is made anew and leaves the one before where it is: a replacement of it destroys nothing. */
const VERSIONS: ReadonlySet<string> = new Set(["aws:secretsmanager/secretVersion:SecretVersion"]);

/** Whether a change takes something away, be it for a moment. */
export function isDestructive({ type, action }: Change): boolean {
  return action === "delete" || (action === "replace" && !VERSIONS.has(type));
}

/** What a delete or a replacement takes with it, or has taken: who deletes outside archives and leaves nothing. */
export function lossOf({ type, old, oldState }: Change, kind: ReportKind = "audit"): Loss | undefined {
  const what = LOSSES[type];
  if (kind === "drift") return what === undefined ? undefined : { what, kept: false };
  if (oldState?.retainOnDelete === true) return { what: "left where it is, no longer managed", kept: true };
  if (type === "github:index/repository:Repository" && at(old, "archiveOnDestroy") === true) {
    return { what: "archived, not deleted", kept: true };
  }
  return what === undefined ? undefined : { what, kept: false };
}
