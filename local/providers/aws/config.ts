import { isLoopback } from "../../../contracts/loopback.ts";
import type { ConfigRules } from "../framework/config.ts";
import type { CheckFailure } from "../framework/resource.ts";
import { isObject, type PropertyMap } from "../framework/values.ts";

/** The services that the provider has clients for, by the keys that the official provider's `endpoints` has. */
const SERVICES = [
  "cloudwatch",
  "cloudwatchlogs",
  "codebuild",
  "dynamodb",
  "ecr",
  "eventbridge",
  "iam",
  "kms",
  "lambda",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
  "sts",
] as const;

export type Service = (typeof SERVICES)[number];

/** Other keys of the official provider for the same services. */
const ALIASES: Readonly<Record<string, Service>> = {
  logs: "cloudwatchlogs",
  cloudwatchevents: "eventbridge",
  events: "eventbridge",
};

/**
 * The configuration of the official provider that makes sense against an emulator. The checks that are skipped
 * there are not made here at all.
 */
export const AWS_CONFIG: ConfigRules = {
  region: { kind: "text", replace: true },
  accessKey: { kind: "text" },
  secretKey: { kind: "text" },
  token: { kind: "text" },
  endpoints: { kind: "json" },
  s3UsePathStyle: { kind: "boolean" },
  skipCredentialsValidation: { kind: "boolean" },
  skipMetadataApiCheck: { kind: "boolean" },
  skipRegionValidation: { kind: "boolean" },
  skipRequestingAccountId: { kind: "boolean" },
  maxRetries: { kind: "number" },
};

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsConfig {
  readonly region: string;
  readonly credentials: Credentials;
  /** Where each service is. A service without an entry cannot be used. */
  readonly endpoints: ReadonlyMap<Service, string>;
  readonly s3UsePathStyle: boolean;
  readonly maxRetries: number;
}

function serviceOf(key: string): Service | undefined {
  return SERVICES.find((service) => service === (ALIASES[key] ?? key));
}

function endpointEntries(endpoints: unknown): readonly [string, unknown][] {
  const list = Array.isArray(endpoints) ? endpoints : [endpoints];
  return list.filter(isObject).flatMap((entry) => Object.entries(entry));
}

/** This provider must never reach a real account, whatever credentials the environment has. */
export function checkEndpoints(config: PropertyMap): readonly CheckFailure[] {
  return endpointEntries(config.endpoints).flatMap(([key, url]) => {
    const property = `endpoints.${key}`;
    if (serviceOf(key) === undefined) {
      const known = [...SERVICES, ...Object.keys(ALIASES)].join(", ");
      return [{ property, reason: `unknown service; the local provider knows ${known}` }];
    }
    if (typeof url === "string" && isLoopback(url)) return [];
    return [{ property, reason: `found ${JSON.stringify(url)}, expected a URL on this machine` }];
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Credentials come from the configuration, else from the environment. Throws one sentence where they are missing. */
export function awsConfig(config: PropertyMap, environment: NodeJS.ProcessEnv): AwsConfig {
  const [wrong] = checkEndpoints(config);
  if (wrong) throw new Error(`${wrong.property}: ${wrong.reason}`);
  const region = text(config.region);
  if (region === undefined) throw new Error("no AWS region: give the provider `region`");
  const accessKeyId = text(config.accessKey) ?? text(environment.AWS_ACCESS_KEY_ID);
  const secretAccessKey = text(config.secretKey) ?? text(environment.AWS_SECRET_ACCESS_KEY);
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error("no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  const sessionToken = text(config.accessKey) ? text(config.token) : text(environment.AWS_SESSION_TOKEN);
  const endpoints = endpointEntries(config.endpoints).flatMap(([key, url]): [Service, string][] => {
    const service = serviceOf(key);
    return service === undefined || typeof url !== "string" ? [] : [[service, url]];
  });
  return {
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    endpoints: new Map(endpoints),
    s3UsePathStyle: config.s3UsePathStyle === true,
    maxRetries: typeof config.maxRetries === "number" ? config.maxRetries : 3,
  };
}
