import { z } from "zod";

/** The default branch of every pipeline repository: the template's, so a generated repository has no other. */
export const DEFAULT_BRANCH = "main";

function name(pattern: RegExp, maximum: number, expected: string) {
  return z
    .string({ error: expected })
    .max(maximum, { error: expected, abort: true })
    .regex(pattern, { error: expected, abort: true });
}

/** A key that names something of ours (a board, a runner): part of host names and of physical names. */
export const Slug = name(
  /^[a-z0-9]+(-[a-z0-9]+)*$/,
  40,
  "lower-case letters, digits and single hyphens between them, at most 40 characters",
);

export const OrganizationName = name(
  /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/,
  39,
  "a GitHub organization name: letters, digits and single hyphens between them, at most 39 characters",
);

/** GitHub takes `.git` off a repository's name, so a name that ends so is never the name one asked for. */
export const RepositoryName = name(
  /^(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]+$/,
  100,
  "a GitHub repository name: letters, digits, '.', '-' and '_', at most 100 characters, not ending in .git",
);

export const TeamSlug = name(
  /^[a-z0-9][a-z0-9_-]*$/,
  100,
  "a GitHub team slug: lower-case letters, digits, '-' and '_', at most 100 characters",
);

export const PackageName = name(
  /^[a-z0-9][a-z0-9+.-]+$/,
  100,
  "a Debian package name: at least 2 lower-case letters, digits, '+', '-' and '.'",
);

/** Amazon S3's rules for general purpose buckets; no dots, because they break TLS on the bucket's host name. */
export const BucketName = name(
  /^(?!xn--)(?!sthree-)(?!amzn-s3-demo-)(?!.*-s3alias$)(?!.*--ol-s3$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  63,
  "a bucket name: 3 to 63 lower-case letters, digits and hyphens, with none of the beginnings and ends that Amazon S3 reserves",
);

/** Never absolute, never out of its folder. */
export const RelativePath = name(
  /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9_+,.-]+(\/[A-Za-z0-9_+,.-]+)*$/,
  200,
  "a relative path without . and .. segments",
);

/** One line that people read: no control characters, no line breaks. */
export const Title = name(
  /^[^\s\p{C}\p{Z}]([^\p{C}]{0,98}[^\s\p{C}\p{Z}])?$/u,
  100,
  "one line of 1 to 100 characters",
);
