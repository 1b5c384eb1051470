import type { AnyHandler } from "../framework/operations.ts";
import type { ProviderDefinition } from "../framework/server.ts";
import { logGroup, metricAlarm } from "./cloudwatch.ts";
import { project } from "./codebuild/project.ts";
import { AWS_CONFIG, awsConfig, checkEndpoints } from "./config.ts";
import { type AwsContext, awsContext } from "./context.ts";
import { table } from "./dynamodb.ts";
import { lifecyclePolicy } from "./ecr/lifecycle-policy.ts";
import { repository } from "./ecr/repository.ts";
import { eventRule, eventTarget } from "./eventbridge.ts";
import { accessKey } from "./iam/access-key.ts";
import { rolePolicy, userPolicy } from "./iam/inline-policy.ts";
import { role } from "./iam/role.ts";
import { user } from "./iam/user.ts";
import { alias } from "./kms/alias.ts";
import { getPublicKey } from "./kms/get-public-key.ts";
import { key } from "./kms/key.ts";
import { eventSourceMapping } from "./lambda/event-source-mapping.ts";
import { lambdaFunction } from "./lambda/function.ts";
import { permission } from "./lambda/permission.ts";
import { functionUrl } from "./lambda/url.ts";
import { bucket } from "./s3/bucket.ts";
import { bucketLifecycleConfiguration } from "./s3/lifecycle.ts";
import { bucketNotification } from "./s3/notification.ts";
import { bucketObject } from "./s3/object.ts";
import {
  bucketOwnershipControls,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketServerSideEncryptionConfiguration,
  bucketVersioning,
} from "./s3/settings.ts";
import { secret, secretVersion } from "./secretsmanager.ts";
import { topicSubscription } from "./sns/subscription.ts";
import { topic } from "./sns/topic.ts";
import { topicPolicy } from "./sns/topic-policy.ts";
import { queuePolicy, redriveAllowPolicy } from "./sqs/attributes.ts";
import { queue } from "./sqs/queue.ts";

const resources: readonly AnyHandler<AwsContext>[] = [
  accessKey,
  alias,
  bucket,
  bucketLifecycleConfiguration,
  bucketNotification,
  bucketObject,
  bucketOwnershipControls,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketServerSideEncryptionConfiguration,
  bucketVersioning,
  eventSourceMapping,
  eventRule,
  eventTarget,
  functionUrl,
  key,
  lambdaFunction,
  lifecyclePolicy,
  logGroup,
  metricAlarm,
  permission,
  project,
  queue,
  queuePolicy,
  redriveAllowPolicy,
  repository,
  role,
  rolePolicy,
  secret,
  secretVersion,
  table,
  topic,
  topicPolicy,
  topicSubscription,
  user,
  userPolicy,
];

/** The `aws` package for the AWS emulator. `version` is that of the installed `@pulumi/aws`. */
export function awsProvider(
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): ProviderDefinition<AwsContext> {
  return {
    name: "aws",
    version,
    config: AWS_CONFIG,
    checkConfig: checkEndpoints,
    configure: (config) => awsContext(awsConfig(config, environment)),
    resources,
    functions: [getPublicKey],
  };
}
