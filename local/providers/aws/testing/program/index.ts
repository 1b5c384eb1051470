import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { AccessKey } from "@pulumi/aws/iam/accessKey.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { User } from "@pulumi/aws/iam/user.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Provider } from "@pulumi/aws/provider.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { asset, secret } from "@pulumi/pulumi";

const endpoint = process.env.EMULATOR ?? "";
const services = ["iam", "lambda", "logs", "s3"];
const provider = new Provider("aws", {
  region: "us-east-1",
  s3UsePathStyle: true,
  endpoints: [Object.fromEntries(services.map((service) => [service, endpoint]))],
});

const bucket = new Bucket(
  "bucket",
  { bucket: "artifacts", tags: { round: process.env.ROUND ?? "1" } },
  { provider },
);
new BucketPolicy(
  "bucket",
  {
    bucket: bucket.bucket,
    policy: bucket.arn.apply((arn) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: arn }],
      }),
    ),
  },
  { provider },
);
const role = new Role(
  "role",
  {
    name: "worker",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    }),
  },
  { provider },
);
new LambdaFunction(
  "function",
  {
    name: "worker",
    role: role.arn,
    handler: "index.handler",
    runtime: "nodejs22.x",
    code: new asset.AssetArchive({ "index.mjs": new asset.StringAsset("export const handler = () => {};") }),
    environment: { variables: { PLAIN: "plain-value", HIDDEN: secret("hidden-value") } },
  },
  { provider },
);
new LogGroup("logs", { name: "logs", retentionInDays: Number(process.env.DAYS ?? 5) }, { provider });
const user = new User("user", { name: "runner" }, { provider });

export const key = new AccessKey("key", { user: user.name }, { provider }).secret;
