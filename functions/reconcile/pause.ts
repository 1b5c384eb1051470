const FIRST_MS = 60_000;
const LONGEST_MS = 6 * 3600_000;

/**
 * How long to wait after the given number of tries that failed, in milliseconds: a minute, then twice as long each
 * time, at most six hours.
 */
export function pauseAfter(tries: number): number {
  return tries < 1 ? 0 : Math.min(FIRST_MS * 2 ** (tries - 1), LONGEST_MS);
}
