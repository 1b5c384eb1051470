import { describe, it } from "vitest";
import { noWildcardIam } from "./access.ts";
import {
  branchesProtected,
  bypassAllowList,
  repositoriesKept,
  reviewsRequired,
  webhooksSigned,
} from "./github.ts";
import { knownTypes } from "./known-types.ts";
import { requiredTags } from "./operations.ts";
import { noCredentialsInEnvironment, runnersUnprivileged, usersOnlyTakeRoles } from "./runners.ts";
import { encryptedAtRest, noPublicBucket } from "./storage.ts";
import { judges, type ResourceCase } from "./testing.ts";

const policy = (statement: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ Statement: [{ Sid: "One", Effect: "Allow", ...statement }] });
const reading = policy({ Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::bucket/*"] });
const RULESET = "github:index/repositoryRuleset:RepositoryRuleset";
const webhook = { url: "https://hooks.example/", secret: "s", insecureSsl: false, contentType: "json" };
const rules = {
  pullRequest: { requiredApprovingReviewCount: 1 },
  requiredStatusChecks: { requiredChecks: [{ context: "hypriotos/build" }] },
  deletion: true,
  nonFastForward: true,
};

const CASES: readonly ResourceCase[] = [
  {
    rule: noPublicBucket,
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    good: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    bad: [[{ ignorePublicAcls: false }, ["ignorePublicAcls is not on"]]],
  },
  {
    rule: noPublicBucket,
    type: "aws:s3/bucket:Bucket",
    good: { bucket: "b" },
    bad: [[{ acl: "public-read" }, ["acl is public-read"]]],
  },
  {
    rule: noPublicBucket,
    type: "aws:s3/bucketPolicy:BucketPolicy",
    good: { policy: policy({ Principal: { AWS: "arn:role" }, Action: "s3:GetObject", Resource: "*" }) },
    bad: [
      [
        { policy: policy({ Principal: { AWS: "*" }, Action: "s3:GetObject", Resource: "*" }) },
        ["statement One allows everybody s3:GetObject"],
      ],
      [
        {
          policy: policy({ Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::b/downloads/*" }),
        },
        ["statement One allows everybody s3:PutObject"],
      ],
    ],
  },
  {
    rule: noPublicBucket,
    type: "aws:s3/bucketPolicy:BucketPolicy",
    good: {
      policy: policy({ Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/downloads/*" }),
    },
    bad: [
      [
        { policy: policy({ Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/releases/*" }) },
        ["statement One allows everybody s3:GetObject"],
      ],
    ],
  },
  {
    rule: noWildcardIam,
    type: "aws:iam/rolePolicy:RolePolicy",
    good: { policy: policy({ Action: "ecr:GetAuthorizationToken", Resource: "*" }) },
    bad: [
      [
        { policy: policy({ Action: ["ecr:GetAuthorizationToken", "ecr:PutImage"], Resource: "*" }) },
        ["statement One allows every resource"],
      ],
    ],
  },
  {
    rule: encryptedAtRest,
    type: "aws:sqs/queue:Queue",
    good: { sqsManagedSseEnabled: true },
    bad: [[{ sqsManagedSseEnabled: false }, ["the queue is not encrypted"]]],
  },
  {
    rule: encryptedAtRest,
    type: "aws:dynamodb/table:Table",
    good: { serverSideEncryption: { enabled: true } },
    bad: [[{ serverSideEncryption: undefined }, ["serverSideEncryption is not enabled"]]],
  },
  {
    rule: encryptedAtRest,
    type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    good: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    bad: [[{ rules: [] }, ["names no sseAlgorithm"]]],
  },
  {
    rule: noWildcardIam,
    type: "aws:iam/rolePolicy:RolePolicy",
    good: { policy: reading },
    bad: [
      [
        { policy: policy({ Action: ["s3:*", "*"], Resource: "*" }) },
        [
          "statement One allows the action s3:*",
          "statement One allows the action *",
          "statement One allows every resource",
        ],
      ],
      [
        { policy: policy({ NotAction: ["iam:*"], Resource: ["arn"] }) },
        ["statement One allows all but what it names (NotAction, NotResource)"],
      ],
    ],
  },
  {
    rule: noWildcardIam,
    type: "aws:iam/role:Role",
    good: {
      assumeRolePolicy: policy({ Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }),
    },
    bad: [
      [
        { assumeRolePolicy: policy({ Principal: "*", Action: "sts:AssumeRole" }) },
        ["statement One allows everybody"],
      ],
    ],
  },
  {
    rule: usersOnlyTakeRoles,
    type: "aws:iam/userPolicy:UserPolicy",
    good: { policy: policy({ Action: "sts:AssumeRole", Resource: "arn" }) },
    bad: [[{ policy: reading }, ["statement One allows the user s3:GetObject"]]],
  },
  {
    rule: noCredentialsInEnvironment,
    type: "docker:index/container:Container",
    good: { envs: ["AWS_SHARED_CREDENTIALS_FILE=/etc/aws", "HOME=/"] },
    bad: [[{ envs: ["AWS_SECRET_ACCESS_KEY=x"] }, ["its environment has AWS_SECRET_ACCESS_KEY"]]],
  },
  {
    rule: noCredentialsInEnvironment,
    type: "aws:lambda/function:Function",
    good: { environment: { variables: { SETTINGS: "{}" } } },
    bad: [[{ environment: { variables: { GITHUB_TOKEN: "x" } } }, ["its environment has GITHUB_TOKEN"]]],
  },
  {
    rule: runnersUnprivileged,
    type: "docker:index/container:Container",
    good: {
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      mounts: [{ source: "/run/docker.sock", target: "/var/run/docker.sock" }],
    },
    bad: [
      [{ privileged: true }, ["it is privileged"]],
      [
        { capabilities: { adds: ["SYS_ADMIN"] } },
        ["it has the capability SYS_ADMIN", "it does not drop all capabilities"],
      ],
      [{ securityOpts: [] }, ["no-new-privileges is missing"]],
      [{ pidMode: "host" }, ["pidMode is the host's"]],
      [{ mounts: [{ source: "/", target: "/host" }] }, ["it mounts /"]],
      [{ devices: [{ hostPath: "/dev/kvm" }] }, ["it has a device of the host"]],
    ],
  },
  {
    rule: webhooksSigned,
    type: "github:index/repositoryWebhook:RepositoryWebhook",
    good: { configuration: webhook },
    bad: [
      [{ configuration: { ...webhook, url: "http://hooks.example/" } }, ["its URL is not https"]],
      [{ configuration: { ...webhook, secret: "" } }, ["it has no secret, so that nothing is signed"]],
      [
        { configuration: { ...webhook, insecureSsl: true } },
        ["insecureSsl is on: nobody looks at the certificate"],
      ],
      [
        { configuration: { ...webhook, contentType: "form" } },
        ["contentType is form, the receiver takes json"],
      ],
    ],
  },
  {
    rule: branchesProtected,
    type: RULESET,
    good: { target: "branch", enforcement: "active", rules },
    bad: [
      [{ enforcement: "disabled" }, ["enforcement is disabled"]],
      [{ rules: { ...rules, pullRequest: undefined } }, ["no pull request is needed"]],
      [{ rules: { ...rules, requiredStatusChecks: { requiredChecks: [] } } }, ["no check is required"]],
      [{ rules: { ...rules, deletion: false } }, ["the branch may be deleted"]],
      [{ rules: { ...rules, nonFastForward: false } }, ["force pushes are allowed"]],
    ],
  },
  {
    rule: reviewsRequired,
    type: RULESET,
    good: { target: "branch", rules },
    bad: [[{ rules: { ...rules, pullRequest: {} } }, ["no review is required"]]],
  },
  {
    rule: bypassAllowList,
    type: RULESET,
    good: {
      bypassActors: [
        { actorType: "Integration", actorId: 7, bypassMode: "always" },
        { actorType: "OrganizationAdmin", actorId: 1, bypassMode: "pull_request" },
      ],
    },
    bad: [
      [
        { bypassActors: [{ actorType: "Integration", actorId: 8, bypassMode: "always" }] },
        ["Integration 8 may pass it (always)"],
      ],
      [
        { bypassActors: [{ actorType: "OrganizationAdmin", actorId: 1, bypassMode: "always" }] },
        ["OrganizationAdmin 1 may pass it (always)"],
      ],
      [
        { bypassActors: [{ actorType: "Team", actorId: 3, bypassMode: "pull_request" }] },
        ["Team 3 may pass it (pull_request)"],
      ],
    ],
  },
  {
    rule: repositoriesKept,
    type: "github:index/repository:Repository",
    good: { archiveOnDestroy: true },
    bad: [[{ archiveOnDestroy: false }, ["archiveOnDestroy is off"]]],
  },
  {
    rule: requiredTags,
    type: "aws:sqs/queue:Queue",
    good: { tags: { project: "hypriotos", stack: "local", component: "build-queue" } },
    bad: [[{ tags: { project: "hypriotos", stack: "local" } }, ["the tag component is missing"]]],
  },
];

describe("resource rules", () => {
  it.each(CASES.map((one) => [one.rule.name, one.type, one] as const))("%s, %s", (_name, _type, one) =>
    judges(one),
  );

  it("known-types", () => {
    judges({ rule: knownTypes, type: "aws:sqs/queue:Queue", good: {}, bad: [] });
    judges({ rule: knownTypes, type: "hypriotos:index:BuildQueue", good: {}, bad: [] });
    expectUnknown("aws:ec2/instance:Instance");
  });
});

function expectUnknown(type: string): void {
  const [message] = knownTypes.check({ urn: "", type, name: "one", props: {} }, { allowedApps: [] });
  if (message !== `nothing here judges ${type}`) throw new Error(`found ${message}`);
}
