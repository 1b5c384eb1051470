import type { ResourceRule } from "./rule.ts";
import { shown } from "./values.ts";

/** What the pipeline is made of. */
const KNOWN = [
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:codebuild/project:Project",
  "aws:dynamodb/table:Table",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  "aws:ecr/repository:Repository",
  "aws:iam/accessKey:AccessKey",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/user:User",
  "aws:iam/userPolicy:UserPolicy",
  "aws:kms/alias:Alias",
  "aws:kms/key:Key",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:lambda/functionUrl:FunctionUrl",
  "aws:lambda/permission:Permission",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
  "docker:index/container:Container",
  "docker:index/remoteImage:RemoteImage",
  "github:index/issueLabel:IssueLabel",
  "github:index/repository:Repository",
  "github:index/repositoryFile:RepositoryFile",
  "github:index/repositoryRuleset:RepositoryRuleset",
  "github:index/repositoryWebhook:RepositoryWebhook",
  "github:index/teamRepository:TeamRepository",
  "pulumi:index:Stash",
] as const;

const known: ReadonlySet<string> = new Set(KNOWN);
/** Components are nothing outside of the engine; providers are the stack file's. */
const OWN = /^(hypriotos:index:|pulumi:providers:|pulumi:pulumi:Stack$)/;

export const knownTypes: ResourceRule = {
  name: "known-types",
  description: "No resource is of a type that the pipeline does not use",
  reason: "A new kind of resource is a new way in, and no rule here has looked at it.",
  fix: "Write rules for the type, then add it to policies/rules/known-types.ts.",
  severity: "high",
  level: "mandatory",
  check: ({ type }) => (known.has(type) || OWN.test(type) ? [] : [`nothing here judges ${shown(type)}`]),
};
