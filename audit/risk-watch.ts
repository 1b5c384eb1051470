import type { Change } from "./changes.ts";
import type { Risk, RiskKind } from "./risk.ts";
import { code, count, value } from "./text.ts";
import { label } from "./urn.ts";
import { at, isUnknown, type Properties } from "./values.ts";

/** One property of one type, and when its change is for the worse. */
interface Watch {
  readonly type: string;
  readonly path: readonly string[];
  readonly kind: RiskKind;
  readonly severity: Risk["severity"];
  readonly worse: (old: unknown, young: unknown) => boolean;
  readonly says: string;
}

const off = (old: unknown, young: unknown) => old === true && young !== true;
const on = (old: unknown, young: unknown) => old !== true && young === true;
/** Nothing means for ever. */
const lowered = (old: unknown, young: unknown) =>
  (typeof young === "number" ? young : Number.POSITIVE_INFINITY) <
  (typeof old === "number" ? old : Number.POSITIVE_INFINITY);
const becomes = (bad: unknown) => (old: unknown, young: unknown) => old !== bad && young === bad;
const leaves = (good: unknown) => (old: unknown, young: unknown) => old === good && young !== good;

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const QUEUE = "aws:sqs/queue:Queue";
const TABLE = "aws:dynamodb/table:Table";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const BUCKET = "aws:s3/bucket:Bucket";
const REPOSITORY = "github:index/repository:Repository";
const CONTAINER = "docker:index/container:Container";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

const WATCHES: readonly Watch[] = [
  {
    type: LOG_GROUP,
    path: ["retentionInDays"],
    kind: "retention",
    severity: "medium",
    worse: lowered,
    says: "logs, days",
  },
  {
    type: QUEUE,
    path: ["messageRetentionSeconds"],
    kind: "retention",
    severity: "medium",
    worse: lowered,
    says: "messages, seconds",
  },
  {
    type: "aws:secretsmanager/secret:Secret",
    path: ["recoveryWindowInDays"],
    kind: "retention",
    severity: "medium",
    worse: lowered,
    says: "a deleted secret can be brought back, days",
  },
  {
    type: "aws:kms/key:Key",
    path: ["deletionWindowInDays"],
    kind: "retention",
    severity: "high",
    worse: lowered,
    says: "a deleted key can be brought back, days",
  },
  {
    type: TABLE,
    path: ["pointInTimeRecovery", "enabled"],
    kind: "retention",
    severity: "medium",
    worse: off,
    says: "point-in-time recovery",
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    path: ["versioningConfiguration", "status"],
    kind: "retention",
    severity: "high",
    worse: leaves("Enabled"),
    says: "versioning",
  },
  {
    type: BUCKET,
    path: ["forceDestroy"],
    kind: "retention",
    severity: "high",
    worse: on,
    says: "a destroy empties it",
  },
  {
    type: REPOSITORY,
    path: ["archiveOnDestroy"],
    kind: "retention",
    severity: "high",
    worse: off,
    says: "archived instead of deleted",
  },
  {
    type: QUEUE,
    path: ["sqsManagedSseEnabled"],
    kind: "encryption",
    severity: "high",
    worse: off,
    says: "encryption",
  },
  {
    type: TABLE,
    path: ["serverSideEncryption", "enabled"],
    kind: "encryption",
    severity: "high",
    worse: off,
    says: "encryption",
  },
  {
    type: "github:index/repositoryWebhook:RepositoryWebhook",
    path: ["configuration", "insecureSsl"],
    kind: "encryption",
    severity: "high",
    worse: on,
    says: "the certificate is not looked at",
  },
  ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map(
    (path): Watch => ({
      type: BLOCK,
      path: [path],
      kind: "public",
      severity: "high",
      worse: off,
      says: path,
    }),
  ),
  {
    type: REPOSITORY,
    path: ["visibility"],
    kind: "public",
    severity: "high",
    worse: becomes("public"),
    says: "visibility",
  },
  {
    type: "aws:lambda/functionUrl:FunctionUrl",
    path: ["authorizationType"],
    kind: "public",
    severity: "high",
    worse: becomes("NONE"),
    says: "who may call it without a signature",
  },
  { type: CONTAINER, path: ["privileged"], kind: "runner", severity: "high", worse: on, says: "privileged" },
  {
    type: CONTAINER,
    path: ["networkMode"],
    kind: "runner",
    severity: "high",
    worse: becomes("host"),
    says: "network",
  },
  {
    type: ALARM,
    path: ["threshold"],
    kind: "monitoring",
    severity: "medium",
    worse: raised,
    says: "the alarm comes later, threshold",
  },
];

function raised(old: unknown, young: unknown): boolean {
  return typeof old === "number" && typeof young === "number" && young > old;
}

/** Single properties that become riskier. What is made new has no side before; policies judge it. */
export function watchedRisks({ type, urn, action, old, new: young }: Change): readonly Risk[] {
  if (action !== "update" && action !== "replace") return [];
  return WATCHES.flatMap((watch) => {
    if (watch.type !== type) return [];
    const [before, after] = [at(old, ...watch.path), at(young, ...watch.path)];
    if (isUnknown(after) || isUnknown(before) || !watch.worse(before, after)) return [];
    return {
      kind: watch.kind,
      severity: watch.severity,
      urn,
      what: `${watch.says}: ${value(before)} → ${value(after)}`,
      where: code(label(urn)),
    };
  });
}

/** Resources that guard others: what is no more without them. */
const GUARDS: Readonly<Record<string, readonly [RiskKind, string]>> = {
  [BLOCK]: ["public", "nothing blocks public access to the bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    "encryption",
    "the bucket's encryption is no longer set",
  ],
  "aws:s3/bucketVersioning:BucketVersioning": ["retention", "old versions are no longer kept"],
  "github:index/repositoryRuleset:RepositoryRuleset": ["protection", "the ruleset is gone"],
  [ALARM]: ["monitoring", "the alarm is gone"],
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": ["monitoring", "any queue may send dead letters there"],
};

/** Guards that go while what they guard stays. */
export function guardRisks({ type, urn, action, whole }: Change): readonly Risk[] {
  const guard = GUARDS[type];
  if (guard === undefined || action !== "delete" || whole === "deleted") return [];
  const [kind, what] = guard;
  return [{ kind, severity: kind === "monitoring" ? "medium" : "high", urn, what, where: code(label(urn)) }];
}

/** Lifecycle rules, by their id: days that become fewer, and rules that are new. */
export function lifecycleRisks({ type, urn, action, old, new: young }: Change): readonly Risk[] {
  if (!type.endsWith(":BucketLifecycleConfiguration") || action === "create" || action === "delete")
    return [];
  const before = expirations(old);
  return [...expirations(young)].flatMap(([id, [prefix, days]]) => {
    const [, had] = before.get(id) ?? [prefix, Number.POSITIVE_INFINITY];
    if (days >= had) return [];
    return {
      kind: "retention",
      severity: prefix.startsWith("releases") || prefix === "" ? "high" : "medium",
      urn,
      what: `${code(prefix === "" ? id : prefix)}: ${Number.isFinite(had) ? count(had, "day") : "for ever"} → ${count(days, "day")}`,
      where: code(label(urn)),
    } satisfies Risk;
  });
}

function expirations(props: Properties): ReadonlyMap<string, readonly [string, number]> {
  const rules = Array.isArray(props.rules) ? props.rules : [];
  return new Map(
    rules.flatMap((rule): [string, [string, number]][] => {
      const days =
        at(rule, "expiration", "days") ?? at(rule, "noncurrentVersionExpiration", "noncurrentDays");
      if (typeof days !== "number") return [];
      return [[String(at(rule, "id")), [String(at(rule, "filter", "prefix") ?? ""), days]]];
    }),
  );
}
