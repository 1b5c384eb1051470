import { z } from "zod";
import { COMPUTE_SIZES, MAXIMUM_BUILD_MINUTES } from "../../components/plan/codebuild.ts";
import { Slug } from "../../contracts/names.ts";
import { exactObject } from "../../contracts/object.ts";
import { architecturesSchema, choice, mapOf, PORT, text, wholeNumber } from "./fields.ts";

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
