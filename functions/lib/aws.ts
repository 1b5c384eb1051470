/** How to reach AWS; nothing where the environment says it. */
export interface AwsReach {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Settings of an AWS client whose caller waits: what hangs ends, by itself or by the caller's signal. `requestTimeout`
 * is the time to an answer of one attempt.
 */
export const BOUNDED = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

/** The same for calls that no signal reaches: one attempt only. */
export const BOUNDED_ALONE = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500, throwOnRequestTimeout: true },
};
