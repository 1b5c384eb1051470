/**
 * Settings of an AWS client whose caller waits: a call ends within 2 s, whatever hangs. `requestTimeout` is the time
 * without a byte from the service.
 */
export const BOUNDED = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 900, throwOnRequestTimeout: true },
};
