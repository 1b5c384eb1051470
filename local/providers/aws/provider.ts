import type { AnyHandler } from "../framework/operations.ts";
import type { ProviderDefinition } from "../framework/server.ts";
import { AWS_CONFIG, awsConfig, checkEndpoints } from "./config.ts";
import { type AwsContext, awsContext } from "./context.ts";
import { bucket } from "./s3/bucket.ts";
import { bucketLifecycleConfiguration } from "./s3/lifecycle.ts";
import { bucketNotification } from "./s3/notification.ts";
import {
  bucketOwnershipControls,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketServerSideEncryptionConfiguration,
  bucketVersioning,
} from "./s3/settings.ts";

const resources: readonly AnyHandler<AwsContext>[] = [
  bucket,
  bucketLifecycleConfiguration,
  bucketNotification,
  bucketOwnershipControls,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketServerSideEncryptionConfiguration,
  bucketVersioning,
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
  };
}
