import type { Finding, ResourceRule, StackRule, Subject } from "./rule.ts";
import { demandsTls, opensDownloads, policyStatements } from "./statements.ts";
import { list, record } from "./values.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const QUEUE = "aws:sqs/queue:Queue";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const ACL_BLOCKS = ["blockPublicAcls", "ignorePublicAcls"] as const;
/** Off where the lists of downloads are public, which a policy must say then. */
const POLICY_BLOCKS = ["blockPublicPolicy", "restrictPublicBuckets"] as const;

export const noPublicBucket: ResourceRule = {
  name: "no-public-bucket",
  description: "No bucket is public but for the lists of downloads",
  reason: "Whoever can write to the artifact bucket decides what people flash on their SD cards.",
  fix: "Keep the blocks of BucketPublicAccessBlock on, and publish through GitHub Releases; artifacts.publicDownloads opens the lists of downloads alone.",
  severity: "critical",
  level: "mandatory",
  check: ({ type, props }) => {
    if (type === BLOCK) {
      return ACL_BLOCKS.filter((block) => props[block] !== true).map((block) => `${block} is not on`);
    }
    if (type === BUCKET) {
      const acl = String(props.acl ?? "private");
      return acl.startsWith("public") || acl === "authenticated-read" ? [`acl is ${acl}`] : [];
    }
    if (type !== BUCKET_POLICY) return [];
    return policyStatements(props.policy)
      .filter((statement) => statement.effect === "Allow" && statement.principals.includes("*"))
      .filter((statement) => !opensDownloads(statement))
      .map(({ sid, actions }) => `statement ${sid} allows everybody ${actions.join(", ")}`);
  },
};

/** Each bucket that has no resource of a type beside it. A side-car names its bucket. */
function* without(subjects: readonly Subject[], type: string, message: string): Generator<Finding> {
  const covered = new Set(
    subjects.filter((other) => other.type === type).map(({ props }) => String(props.bucket)),
  );
  for (const { urn, type: own, props } of subjects) {
    if (own === BUCKET && !covered.has(String(props.bucket))) yield { urn, message };
  }
}

export const bucketsGuarded: StackRule = {
  name: "buckets-guarded",
  description: "Every bucket has an access block, encryption, and a policy that demands TLS",
  reason: "A bucket without its side-car resources has whatever the account's defaults are.",
  fix: "Make buckets with the ArtifactBucket component.",
  severity: "high",
  level: "mandatory",
  *checkStack(subjects) {
    yield* without(subjects, BLOCK, "has no BucketPublicAccessBlock");
    yield* without(subjects, ENCRYPTION, "has no BucketServerSideEncryptionConfiguration");
    const tls = subjects.filter(
      ({ type, props }) => type !== BUCKET_POLICY || policyStatements(props.policy).some(demandsTls),
    );
    yield* without(tls, BUCKET_POLICY, "has no policy that refuses everything but TLS");
    const open = new Set(
      subjects
        .filter(
          ({ type, props }) => type === BUCKET_POLICY && policyStatements(props.policy).some(opensDownloads),
        )
        .map(({ props }) => String(props.bucket)),
    );
    for (const { urn, type, props } of subjects) {
      if (type !== BLOCK || open.has(String(props.bucket))) continue;
      for (const block of POLICY_BLOCKS) {
        if (props[block] !== true) yield { urn, message: `${block} is not on, and no downloads are public` };
      }
    }
  },
};

export const encryptedAtRest: ResourceRule = {
  name: "encrypted-at-rest",
  description: "Queues, tables and buckets are encrypted",
  reason: "Jobs, records and artifacts must not be readable on whatever disk they lie.",
  fix: "Set sqsManagedSseEnabled or kmsMasterKeyId on the queue, serverSideEncryption on the table.",
  severity: "high",
  level: "mandatory",
  check: ({ type, props }) => {
    if (type === QUEUE) {
      return props.sqsManagedSseEnabled === true || props.kmsMasterKeyId
        ? []
        : ["the queue is not encrypted"];
    }
    if (type === "aws:dynamodb/table:Table") {
      return record(props.serverSideEncryption).enabled === true
        ? []
        : ["serverSideEncryption is not enabled"];
    }
    if (type !== ENCRYPTION) return [];
    const algorithms = list(props.rules).map(
      (rule) => record(record(rule).applyServerSideEncryptionByDefault).sseAlgorithm,
    );
    return algorithms.length > 0 && algorithms.every(Boolean) ? [] : ["names no sseAlgorithm"];
  },
};

export const queuesDemandTls: StackRule = {
  name: "queues-demand-tls",
  description: "Every queue refuses whoever does not come over TLS",
  reason: "A job names the repository and commit that a runner will run: nobody on the way may change it.",
  fix: "Give the queue a QueuePolicy with denyPlainText, as BuildQueue does.",
  severity: "medium",
  level: "mandatory",
  *checkStack(subjects) {
    const guarded = new Set(
      subjects
        .filter(({ type, props }) => type === QUEUE_POLICY && policyStatements(props.policy).some(demandsTls))
        .map(({ props }) => String(props.queueUrl)),
    );
    for (const { urn, type, props } of subjects) {
      if (type === QUEUE && !guarded.has(String(props.url))) {
        yield { urn, message: "has no policy that refuses everything but TLS" };
      }
    }
  },
};
