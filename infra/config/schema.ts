import { z } from "zod";
import { uniqueList } from "../../contracts/list.ts";
import { BucketName, OrganizationName, RepositoryName, Slug, TeamSlug } from "../../contracts/names.ts";
import { exactObject } from "../../contracts/object.ts";
import { canMatchReleaseTag } from "../../contracts/release-tag.ts";
import { DebianRelease } from "../../contracts/rootfs.ts";
import { boardsSchema } from "./boards.ts";
import { dockerSchema } from "./docker.ts";
import { architecturesSchema, choice, flag, mapOf, PORT, text, wholeNumber } from "./fields.ts";
import { kernelsSchema } from "./kernels.ts";
import { policiesSchema } from "./policies.ts";
import { protectionSchema } from "./protection.ts";
import { providersSchema } from "./providers.ts";
import { runnersSchema } from "./runners.ts";

const organizationSchema = exactObject({
  name: OrganizationName.meta({ description: "GitHub organization that the repositories are in." }),
  visibility: choice(["public", "private"])
    .default("public")
    .meta({ description: "Who can see the pipeline's repositories." }),
  teams: mapOf(
    TeamSlug,
    choice(["pull", "triage", "push", "maintain", "admin"]),
    "a mapping of team slugs to pull, triage, push, maintain or admin",
  )
    .default({})
    .meta({ description: "What each team of the organization may do in every repository, by team slug." }),
  archiveOnDestroy: flag()
    .default(true)
    .meta({ description: "Archive the repository of a board that is removed, instead of deleting it." }),
  webhookSecretVersion: wholeNumber(1, 1_000_000)
    .default(1)
    .meta({ description: "Another number makes new webhook secrets." }),
}).meta({ description: "The GitHub organization." });

const rootfsSchema = exactObject({
  repository: RepositoryName.default("os-rootfs").meta({
    description: "The repository that builds the root filesystems.",
  }),
  architectures: architecturesSchema
    .exactOptional()
    .meta({ description: "Architectures to build. Default: those of the boards." }),
  release: DebianRelease.default("trixie"),
  adopt: z.literal(true, { error: "true, or nothing" }).exactOptional().meta({
    description:
      "The repository exists already and is taken over with what is in it; its settings become the program's. Unneeded after the next `up`.",
  }),
  docker: dockerSchema,
})
  .prefault({})
  .meta({ description: "The root filesystem that all boards of one architecture share." });

/** `[host[:port]/]path[:tag][@digest]`; the length is bounded first, since Docker bounds it too. */
const IMAGE_REFERENCE = new RegExp(
  `^(?=.{1,255}$)([a-z0-9]+([.-][a-z0-9]+)*(:${PORT})?/)?[a-z0-9]+([._/-][a-z0-9]+)*` +
    "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$",
);

const builderSchema = exactObject({
  baseImage: text(IMAGE_REFERENCE, "a container image reference, debian:trixie-slim")
    .default("debian:trixie-slim")
    .meta({ description: "Debian image that the builder image is made from." }),
})
  .prefault({})
  .meta({ description: "The builder image, in which every build runs." });

const days = (initial: number, description: string) =>
  wholeNumber(1, 3650, "days").default(initial).meta({ description });

const artifactsSchema = exactObject({
  bucket: BucketName.exactOptional().meta({
    description: "Name of the artifact bucket. Default: <organization>-<stack>-artifacts.",
  }),
  forceDestroy: flag()
    .default(false)
    .meta({ description: "Delete the bucket with everything in it when the stack is destroyed." }),
  publicDownloads: flag().default(false).meta({
    description: "Let everybody read downloads/ in the bucket, the lists of releases; nothing else.",
  }),
  retention: exactObject({
    buildsDays: days(90, "Days that artifacts of pushes are kept."),
    pullRequestsDays: days(14, "Days that artifacts of pull requests are kept."),
    cacheDays: days(30, "Days that build cache entries are kept."),
    noncurrentDays: days(7, "Days that overwritten and deleted objects can be brought back."),
  })
    .prefault({})
    .meta({ description: "How long artifacts are kept. Releases are kept for ever." }),
})
  .prefault({})
  .meta({ description: "The artifact bucket." });

const releaseSchema = exactObject({
  tagPattern: text(/^[^\s\p{C}~^:\\]{1,100}$/u, "a pattern of tag names without spaces, v*")
    .refine(canMatchReleaseTag, {
      error: "a pattern that release tags can match, as v1.2.3 and v1.2.3-rc.1 match v*",
    })
    .default("v*")
    .meta({
      description: "Tags that make a release, and that nobody may move or delete. * stands for any text.",
    }),
})
  .prefault({})
  .meta({ description: "Which tags are releases." });

/** What CloudWatch Logs takes; any other number is refused only when the log group is created. */
const LOG_RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const recoveryExpected = "0, or a whole number of days from 7 to 30";
const recoveryDays = z
  .int({ error: recoveryExpected })
  .min(7, { error: recoveryExpected })
  .max(30, { error: recoveryExpected });

const functionsSchema = exactObject({
  logRetentionDays: z
    .literal(LOG_RETENTION, { error: `one of ${LOG_RETENTION.join(", ")} days` })
    .default(30)
    .meta({ description: "Days that the functions' logs are kept." }),
  memoryMiB: wholeNumber(128, 10_240, "MiB").default(256).meta({ description: "Memory of a function." }),
  timeoutSeconds: wholeNumber(1, 900, "seconds")
    .default(30)
    .meta({ description: "The longest that a function runs." }),
  secretRecoveryDays: z
    .union([z.literal(0), recoveryDays], { error: recoveryExpected })
    .default(7)
    .meta({ description: "Days that deleted webhook secrets can be brought back; 0 deletes them at once." }),
})
  .prefault({})
  .meta({ description: "Settings of all functions." });

/** A job that lies in its queue for longer is dropped, so an alarm at more would never be heard. */
const QUEUE_DAYS = 4;

const alarmsSchema = exactObject({
  emails: uniqueList(
    text(/^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,200}\.[^\s@.\p{C}]{2,}$/u, "an e-mail address"),
    "a list of e-mail addresses",
  )
    .default([])
    .meta({ description: "Who is told of alarms; each address gets a mail to confirm. Default: nobody." }),
  queueAgeMinutes: wholeNumber(1, QUEUE_DAYS * 24 * 60 - 1, "minutes")
    .default(60)
    .meta({ description: "A build job that waits longer than this is an alarm." }),
})
  .prefault({})
  .meta({ description: "Alarms." });

const githubAppSchema = exactObject({
  id: wholeNumber(1, Number.MAX_SAFE_INTEGER).meta({
    description: "The App's id, as its settings page shows it.",
  }),
  slug: Slug.exactOptional().meta({ description: "The App's name in its URL." }),
}).meta({ description: "The GitHub App that the pipeline acts as." });

/** Tags that the program sets on every AWS resource; a setting of the same name would be lost. */
const OWN_TAGS: ReadonlySet<string> = new Set(["project", "stack", "component"]);

/** AWS takes 50 on a resource. */
const MAXIMUM_TAGS = 50 - OWN_TAGS.size;

const tagsSchema = mapOf(
  text(
    /^(?![aA][wW][sS]:)[\p{L}\p{N} _.:/=+@-]{1,128}$/u,
    "a tag key: at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:",
  ).refine((key) => !OWN_TAGS.has(key), { error: "another key: the program sets this tag itself" }),
  text(/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u, "a tag value: at most 256 letters, digits, spaces and _.:/=+-@"),
  "a mapping of tag keys to values",
)
  .refine((tags) => Object.keys(tags).length <= MAXIMUM_TAGS, {
    error: `at most ${MAXIMUM_TAGS} tags: AWS takes 50 on a resource, with the program's own`,
  })
  .meta({ maxProperties: MAXIMUM_TAGS })
  .default({})
  .meta({ description: "Tags on every AWS resource, beside those that the program sets." });

/** Every plain key of the namespace. Maps whose entries are checked one by one are in here for the JSON Schema. */
export const SECTIONS = {
  organization: organizationSchema,
  boards: boardsSchema,
  rootfs: rootfsSchema,
  kernels: kernelsSchema,
  runners: runnersSchema,
  builder: builderSchema,
  artifacts: artifactsSchema,
  release: releaseSchema,
  protection: protectionSchema,
  functions: functionsSchema,
  alarms: alarmsSchema,
  policies: policiesSchema,
  githubApp: githubAppSchema,
  providers: providersSchema,
  tags: tagsSchema,
} as const;

export type SectionName = keyof typeof SECTIONS;

/** Keys of the namespace that hold a secret, with what it is. Read with `getSecret`, never parsed. */
export const SECRET_KEYS = {
  githubAppPrivateKey:
    "Private key of the GitHub App, PEM. Set with `pulumi config set --secret`. Default: GITHUB_APP_PRIVATE_KEY in the environment.",
} as const;

export type SecretKey = keyof typeof SECRET_KEYS;
