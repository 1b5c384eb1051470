import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { CodeBuild } from "@aws-sdk/client-codebuild";
import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import type { ECR } from "@aws-sdk/client-ecr";
import type { EventBridge } from "@aws-sdk/client-eventbridge";
import type { IAM } from "@aws-sdk/client-iam";
import type { KMS } from "@aws-sdk/client-kms";
import type { Lambda } from "@aws-sdk/client-lambda";
import type { S3 } from "@aws-sdk/client-s3";
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { SNS } from "@aws-sdk/client-sns";
import type { SQS } from "@aws-sdk/client-sqs";
import type { ResourceHandler } from "../framework/resource.ts";
import type { AwsConfig, Service } from "./config.ts";

/** One client per service, loaded when it is first used: the engine waits for a provider's start. */
export interface AwsContext {
  readonly region: string;
  /** Where functions are called, without a slash at its end. */
  readonly lambdaEndpoint: string;
  cloudwatch(): Promise<CloudWatch>;
  logs(): Promise<CloudWatchLogs>;
  codebuild(): Promise<CodeBuild>;
  dynamodb(): Promise<DynamoDB>;
  ecr(): Promise<ECR>;
  eventbridge(): Promise<EventBridge>;
  iam(): Promise<IAM>;
  kms(): Promise<KMS>;
  lambda(): Promise<Lambda>;
  s3(): Promise<S3>;
  secretsmanager(): Promise<SecretsManager>;
  sns(): Promise<SNS>;
  sqs(): Promise<SQS>;
}

export type AwsResource<Args extends object> = ResourceHandler<Args, AwsContext>;

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

export function awsContext(config: AwsConfig): AwsContext {
  function endpointOf(service: Service): string {
    const endpoint = config.endpoints.get(service);
    if (endpoint === undefined) {
      throw new Error(
        `no endpoint for ${service}: the local provider only talks to an emulator on this machine`,
      );
    }
    return endpoint;
  }
  function options(service: Service) {
    return {
      region: config.region,
      credentials: config.credentials,
      endpoint: endpointOf(service),
      maxAttempts: config.maxRetries,
    };
  }
  return {
    region: config.region,
    get lambdaEndpoint() {
      return endpointOf("lambda").replace(/\/$/, "");
    },
    cloudwatch: once(
      async () => new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(options("cloudwatch")),
    ),
    logs: once(
      async () =>
        new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs(options("cloudwatchlogs")),
    ),
    codebuild: once(
      async () => new (await import("@aws-sdk/client-codebuild")).CodeBuild(options("codebuild")),
    ),
    dynamodb: once(async () => new (await import("@aws-sdk/client-dynamodb")).DynamoDB(options("dynamodb"))),
    ecr: once(async () => new (await import("@aws-sdk/client-ecr")).ECR(options("ecr"))),
    eventbridge: once(
      async () => new (await import("@aws-sdk/client-eventbridge")).EventBridge(options("eventbridge")),
    ),
    iam: once(async () => new (await import("@aws-sdk/client-iam")).IAM(options("iam"))),
    kms: once(async () => new (await import("@aws-sdk/client-kms")).KMS(options("kms"))),
    lambda: once(async () => new (await import("@aws-sdk/client-lambda")).Lambda(options("lambda"))),
    s3: once(async () => {
      const { S3 } = await import("@aws-sdk/client-s3");
      return new S3({ ...options("s3"), forcePathStyle: config.s3UsePathStyle });
    }),
    secretsmanager: once(
      async () =>
        new (await import("@aws-sdk/client-secrets-manager")).SecretsManager(options("secretsmanager")),
    ),
    sns: once(async () => new (await import("@aws-sdk/client-sns")).SNS(options("sns"))),
    sqs: once(async () => {
      const { SQS } = await import("@aws-sdk/client-sqs");
      // A queue's URL names the host by which the emulator is known, which need not resolve here.
      return new SQS({ ...options("sqs"), useQueueUrlAsEndpoint: false });
    }),
  };
}
