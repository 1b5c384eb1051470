import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { feederStatements } from "../build-feeder.ts";
import { projectStatements } from "../codebuild-runner.ts";
import { deadLetterStatements } from "../dead-letter-queue.ts";
import { downloadsStatements } from "../downloads.ts";
import { publisherStatements } from "../release-publisher.ts";
import { topicStatements } from "../release-topic.ts";
import { imageMakerStatements } from "../runner-images.ts";
import { pinsStatements } from "../version-pins.ts";
import { receiverStatements } from "../webhook-receiver.ts";
import {
  denyPlainText,
  policyDocument,
  runnerStatements,
  type Statement,
  sendTo,
  strangerStatements,
  trustPolicy,
  writeLogs,
} from "./policy.ts";
import { reconcilerStatements } from "./reconcile.ts";
import { LOG_IN_TO_REGISTRY } from "./registry-policy.ts";

const arn = fc
  .stringMatching(/^[a-z][a-z0-9-]{2,40}$/)
  .map((name) => `arn:aws:sqs:eu-central-1:123456789012:${name}`);

function asList(value: readonly string[] | string): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

/** What an Allow statement may never have. */
function wildcards(statement: Statement): string[] {
  if (statement.Effect === "Deny") return [];
  return [
    ...asList(statement.Resource).filter(
      (resource) => resource === "*" || /^arn:aws:s3:::[^/]*\*/.test(resource),
    ),
    ...asList(statement.Action).filter((action) => action.includes("*")),
  ];
}

const REACH = {
  queues: ["q"],
  deadLetterQueues: ["d"],
  bucket: "arn:aws:s3:::b",
  buildsTable: "t",
  appKey: "k",
};

describe("policies", () => {
  it("allow no wildcard action and no wildcard resource, whatever the names", () => {
    fc.assert(
      fc.property(fc.array(arn, { minLength: 1, maxLength: 4 }), arn, (queues, other) => {
        const all = [
          ...runnerStatements({
            queues,
            deadLetterQueues: queues,
            bucket: "arn:aws:s3:::some-bucket",
            buildsTable: other,
            appKey: other,
          }),
          ...publisherStatements({
            bucket: "arn:aws:s3:::some-bucket",
            releases: other,
            appKey: other,
            signingKey: other,
          }),
          ...receiverStatements({
            secrets: [other],
            deliveries: other,
            builds: other,
            queues,
            bucket: "arn:aws:s3:::some-bucket",
          }),
          ...projectStatements({
            bucket: "arn:aws:s3:::some-bucket",
            buildsTable: other,
            appKey: other,
            strangerRole: other,
            repositories: queues,
            logs: queues,
          }),
          ...strangerStatements("arn:aws:s3:::some-bucket"),
          ...imageMakerStatements({ repositories: queues, contexts: [other], logs: queues }),
          ...feederStatements({
            queues,
            deadLetterQueues: queues,
            projects: queues,
            imagesProjects: queues,
            repositories: queues,
            buildsTable: other,
            appKey: other,
          }),
          ...downloadsStatements("arn:aws:s3:::some-bucket"),
          ...topicStatements(other, "arn:aws:s3:::some-bucket", "account"),
          ...deadLetterStatements(other, other),
          ...reconcilerStatements({
            builds: other,
            releases: other,
            queues,
            deadLetterQueues: queues,
            bucket: "arn:aws:s3:::some-bucket",
            publish: other,
            appKey: other,
          }),
          ...pinsStatements({ bucket: "arn:aws:s3:::some-bucket", appKey: other }),
          writeLogs(other),
          sendTo([other]),
        ];
        // A token for the registry is no resource's, and opens nothing by itself.
        const others = all.filter((statement) => statement !== LOG_IN_TO_REGISTRY);
        expect(others.flatMap(wildcards)).toEqual([]);
        expect(LOG_IN_TO_REGISTRY.Action).toEqual(["ecr:GetAuthorizationToken"]);
        expect(all.flatMap(({ Resource }) => asList(Resource)).filter((resource) => resource === "")).toEqual(
          [],
        );
      }),
    );
  });

  it("give a runner its own queues and nobody else's", () => {
    const [jobs] = runnerStatements({ ...REACH, queues: ["arn:queue:arm64"] });
    expect(jobs?.Resource).toEqual(["arn:queue:arm64"]);
  });

  it("let a runner write below the bucket's prefixes only", () => {
    const [, write] = runnerStatements(REACH);
    expect(write?.Sid).toBe("WriteBuilds");
    expect(write?.Resource).toEqual([
      "arn:aws:s3:::b/builds/*",
      "arn:aws:s3:::b/pull-requests/*",
      "arn:aws:s3:::b/releases/*",
      "arn:aws:s3:::b/cache/*",
    ]);
  });

  it("let a build in CodeBuild take no job of a queue, and a stranger's write no build of a push", () => {
    const project = projectStatements({ ...REACH, strangerRole: "r", repositories: ["i"], logs: ["l"] });
    expect(project.flatMap(({ Action }) => asList(Action)).filter((one) => one.startsWith("sqs:"))).toEqual(
      [],
    );
    const written = strangerStatements("arn:aws:s3:::b").filter(({ Action }) =>
      Action.includes("s3:PutObject"),
    );
    expect(written.flatMap(({ Resource }) => Resource)).toEqual(["arn:aws:s3:::b/pull-requests/*"]);
  });

  it("refuse plain text for everybody", () => {
    expect(
      JSON.parse(policyDocument([denyPlainText(["arn:aws:s3:::b", "arn:aws:s3:::b/*"], "s3:*")])),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("let exactly one service or user take a role", () => {
    expect(JSON.parse(trustPolicy({ service: "lambda.amazonaws.com" })).Statement[0].Principal).toEqual({
      Service: "lambda.amazonaws.com",
    });
    expect(JSON.parse(trustPolicy({ user: "arn:aws:iam::1:user/u" })).Statement[0].Principal).toEqual({
      AWS: "arn:aws:iam::1:user/u",
    });
  });
});
