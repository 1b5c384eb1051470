import { z } from "zod";
import { COMPUTE_SIZES, MAXIMUM_BUILD_MINUTES } from "../../components/plan/codebuild.ts";
import { Architecture } from "../../contracts/architecture.ts";
import { boardShape } from "../../contracts/board.ts";
import { BootTest } from "../../contracts/boot-test.ts";
import { uniqueList } from "../../contracts/list.ts";
import {
  BucketName,
  OrganizationName,
  RepositoryName,
  Slug,
  TeamSlug,
  Title,
} from "../../contracts/names.ts";
import { exactObject } from "../../contracts/object.ts";
import { canMatchReleaseTag } from "../../contracts/release-tag.ts";
import { DebianRelease } from "../../contracts/rootfs.ts";
import { choice, flag, mapOf, PORT, text, wholeNumber } from "./fields.ts";
import { policiesSchema } from "./policies.ts";
import { protectionSchema } from "./protection.ts";
import { providersSchema } from "./providers.ts";

export const architecturesSchema = uniqueList(Architecture, "a list of architectures").min(1, {
  error: "a list of at least one architecture",
});

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

/** What a stack's config says of a board beyond what its `board.json` does. */
const ofStackOnly = {
  renamedFrom: Slug.exactOptional().meta({
    description:
      "The name that this board had before: its repository is kept and renamed. Unneeded after the next `up`.",
  }),
  support: exactObject({
    status: choice(["built", "stand-in", "validated"]).meta({
      description:
        "What was shown of it: its image is built and tested; built with a stand-in for a vendor's files; or only its settings are checked.",
    }),
    note: Title.exactOptional().meta({ description: "Why it is no more, or what to know." }),
  })
    .exactOptional()
    .meta({ description: "How far the board is supported, for the table of boards." }),
  adopt: z.literal(true, { error: "true, or nothing" }).exactOptional().meta({
    description:
      "The board's repository exists already and is taken over with what is in it; its settings become the program's. Unneeded after the next `up`.",
  }),
};

const boardSchema = exactObject({
  ...boardShape,
  ...ofStackOnly,
  repository: RepositoryName.exactOptional().meta({
    description: "The board's repository. Default: image-builder-<board>.",
  }),
  bootTest: BootTest.exactOptional().meta({
    description:
      "Which builds boot their image in QEMU and test it over SSH: never, tags, or pushes (with pull requests) too. Default: tags where there is a machine for the architecture, never elsewhere.",
  }),
});

/** A board once what depends on its name or on its other fields is filled in. */
export const resolvedBoardSchema = exactObject({
  ...boardShape,
  ...ofStackOnly,
  repository: RepositoryName,
  bootTest: BootTest,
});

export const boardsSchema = mapOf(Slug, boardSchema, "a mapping of board names to boards").meta({
  minProperties: 1,
  description: "The boards that the pipeline builds images for, by name.",
});

const rootfsSchema = exactObject({
  repository: RepositoryName.default("os-rootfs").meta({
    description: "The repository that builds the root filesystems.",
  }),
  architectures: architecturesSchema
    .exactOptional()
    .meta({ description: "Architectures to build. Default: those of the boards." }),
  release: DebianRelease.default("trixie"),
})
  .prefault({})
  .meta({ description: "The root filesystem that all boards of one architecture share." });

const DOCKER_HOST = new RegExp(
  "^(unix:///[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*" +
    `|ssh://[a-z_][a-z0-9_-]*@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:${PORT})?)$`,
);

const minutes = (maximum: number) =>
  wholeNumber(1, maximum, "minutes").default(60).meta({ description: "A build that takes longer is ended." });

const diskMiB = () =>
  wholeNumber(1024, 1_048_576, "MiB")
    .default(16_384)
    .meta({ description: "A build that writes more is ended, in MiB." });

const runnerArchitectures = architecturesSchema.meta({
  description: "Architectures whose builds this runner takes.",
});

const dockerRunner = exactObject({
  kind: z.literal("docker").meta({ description: "Containers on a Docker host." }),
  host: text(
    DOCKER_HOST,
    "unix:///path/to/docker.sock or ssh://user@host[:port]: other ways to a Docker daemon are not encrypted or not authenticated",
  ).meta({ description: "The Docker daemon: unix:///path or ssh://user@host[:port]." }),
  architectures: runnerArchitectures,
  slots: wholeNumber(1, 64).default(1).meta({ description: "Builds at the same time." }),
  limits: exactObject({
    memoryMiB: wholeNumber(512, 1_048_576, "MiB")
      .default(4096)
      .meta({ description: "Memory of one build, in MiB." }),
    cpus: wholeNumber(1, 256).default(2).meta({ description: "CPUs of one build." }),
    minutes: minutes(24 * 60),
    diskMiB: diskMiB(),
  })
    .prefault({})
    .meta({ description: "What one build may take of its host." }),
});

const codebuildRunner = exactObject({
  kind: z.literal("codebuild").meta({ description: "AWS CodeBuild: a machine for each build." }),
  architectures: runnerArchitectures,
  compute: choice(COMPUTE_SIZES)
    .default("medium")
    .meta({ description: "Size of the machine; it decides memory and CPUs of a build." }),
  concurrency: wholeNumber(1, 1000).exactOptional().meta({
    description: "Builds of one architecture at the same time. Default: as many as the account may have.",
  }),
  limits: exactObject({ minutes: minutes(MAXIMUM_BUILD_MINUTES), diskMiB: diskMiB() })
    .prefault({})
    .meta({ description: "What one build may take." }),
});

export const runnerKindSchema = z.enum(["docker", "codebuild"]);

export const runnerSchema = z.discriminatedUnion("kind", [dockerRunner, codebuildRunner], {
  error: (issue) =>
    issue.code === "invalid_union" ? "docker or codebuild" : "a mapping with kind docker or codebuild",
});

export const runnersSchema = mapOf(Slug, runnerSchema, "a mapping of runner names to runners").meta({
  minProperties: 1,
  description: "What drains the build queues and runs builds, by name.",
});

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
