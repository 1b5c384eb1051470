import { z } from "zod";
import { ReleaseTag } from "./release-tag.ts";

/** The log of a build below its key in the artifact bucket. */
export const LOG_FILE = "log.txt";

const REPOSITORY = "(?!\\.{1,2}/)[A-Za-z0-9._-]{1,100}";
const COMMIT = "[0-9a-f]{40}";
const PUSH_OR_PULL = new RegExp(
  `^(?:builds/${REPOSITORY}|pull-requests/${REPOSITORY}/[1-9][0-9]{0,9})/${COMMIT}$`,
);
const RELEASE = new RegExp(`^releases/${REPOSITORY}/([^/]+)$`);

const EXPECTED =
  "builds/<repository>/<commit>, pull-requests/<repository>/<number>/<commit> or releases/<repository>/<tag>";

/** A build's key as `buildKey` writes it, and nothing else: no way out of a prefix. */
export const BuildKey = z
  .string({ error: EXPECTED })
  .max(300, { error: EXPECTED })
  .refine((key) => PUSH_OR_PULL.test(key) || ReleaseTag.safeParse(RELEASE.exec(key)?.[1]).success, {
    error: EXPECTED,
  });

/** What a check run is known by to the pipeline: which attempt of which build it tells of. */
export function checkRunId(key: string, attempt: number): string {
  return `${key}#${attempt}`;
}

/** The build and attempt of a check run's `external_id`; undefined for any other text. */
export function parseCheckRunId(
  externalId: string,
): { readonly key: string; readonly attempt: number } | undefined {
  const [, key = "", attempt = ""] = /^(.+)#([1-9][0-9]{0,5})$/.exec(externalId) ?? [];
  return BuildKey.safeParse(key).success ? { key, attempt: Number(attempt) } : undefined;
}
