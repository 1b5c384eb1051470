/** How long the artifact bucket keeps what, in days. Releases have no entry: they are kept. */
export interface Retention {
  readonly buildsDays: number;
  readonly pullRequestsDays: number;
  readonly cacheDays: number;
  /** How long a replaced or deleted version of any object can still be brought back. */
  readonly noncurrentDays: number;
}

/** One lifecycle rule as `aws.s3.BucketLifecycleConfiguration` takes it. */
export interface LifecycleRule {
  readonly id: string;
  readonly status: "Enabled";
  readonly filter: { readonly prefix: string };
  readonly expiration?: { readonly days: number };
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
}

/** An upload that its client gave up is invisible and billed: a day is longer than any build runs. */
const ABORT_UPLOADS_DAYS = 1;

export function lifecycleRules(retention: Retention): LifecycleRule[] {
  const expire = (id: string, prefix: string, days: number): LifecycleRule => ({
    id,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
  });
  return [
    expire("builds", "builds/", retention.buildsDays),
    expire("pull-requests", "pull-requests/", retention.pullRequestsDays),
    expire("cache", "cache/", retention.cacheDays),
    {
      id: "noncurrent-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: retention.noncurrentDays },
    },
    {
      id: "aborted-uploads",
      status: "Enabled",
      filter: { prefix: "" },
      abortIncompleteMultipartUpload: { daysAfterInitiation: ABORT_UPLOADS_DAYS },
    },
  ];
}
