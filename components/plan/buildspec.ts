import {
  BUILD_JOB_VARIABLE,
  RUN_ONE_EXIT,
  RUNNER_SETTINGS_VARIABLE,
} from "../../contracts/runner-settings.ts";

/** As much of a buildspec as ours have. Commands of a phase run in one shell after the other, until one fails. */
export interface BuildSpec {
  readonly version: 0.2;
  readonly phases: Readonly<Partial<Record<"pre_build" | "build", { readonly commands: readonly string[] }>>>;
}

/** The text that CodeBuild takes: YAML, of which JSON is a part. Same buildspec, same text. */
export function buildspecText(spec: BuildSpec): string {
  return JSON.stringify(spec);
}

/** What a project's environment variables name. */
export const IMAGE_VARIABLES = {
  builder: "BUILDER_IMAGE",
  agent: "AGENT_IMAGE",
  base: "BASE_IMAGE",
} as const;
export const CONTEXT_VARIABLES = { builder: "BUILDER_CONTEXT", agent: "AGENT_CONTEXT" } as const;

const BUILDER = `"$${IMAGE_VARIABLES.builder}"`;
const AGENT = `"$${IMAGE_VARIABLES.agent}"`;

/** An image's registry is what stands before its first slash. */
const LOGIN = `aws ecr get-login-password | docker login --username AWS --password-stdin "\${${IMAGE_VARIABLES.builder}%%/*}"`;

/** Where containers on AWS ask for credentials. */
const CREDENTIAL_ADDRESSES = ["169.254.169.254", "169.254.170.2", "169.254.170.23"];

/** Debian's names of architectures of 32 bit, and QEMU's. */
const QEMU = { armhf: "arm", armel: "arm" } as const;

/**
 * Makes the kernel run an architecture's programs by QEMU, in containers too: with flag F it keeps QEMU open. Where the
 * processor runs them itself, nothing is done.
 */
function emulation(architecture: keyof typeof QEMU): string {
  const folder = "/proc/sys/fs/binfmt_misc";
  const register = [
    "apt-get update --quiet",
    "apt-get install --yes --quiet --no-install-recommends qemu-user-static",
    `{ test -e ${folder}/register || mount -t binfmt_misc binfmt_misc ${folder}; }`,
    `{ test -e ${folder}/qemu-${QEMU[architecture]} || cat /usr/lib/binfmt.d/qemu-${QEMU[architecture]}.conf > ${folder}/register; }`,
  ].join(" && ");
  const runs = `docker run --rm --entrypoint arch-test ${BUILDER} ${architecture}`;
  return `${runs} || docker run --rm --privileged --entrypoint sh ${AGENT} -c '${register}'`;
}

/**
 * Does the job in the environment: the same agent as on a Docker host, on this machine's own Docker daemon. Only the agent
 * has the project's credentials: the build's container is one of those that may not reach where they are given out.
 */
export function jobBuildspec(): BuildSpec {
  const environment = [
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    RUNNER_SETTINGS_VARIABLE,
    BUILD_JOB_VARIABLE,
  ];
  const agent = [
    "docker run --rm --init --network host --cap-drop ALL --security-opt no-new-privileges",
    "--volume /var/run/docker.sock:/var/run/docker.sock",
    ...environment.map((name) => `--env ${name}`),
    `${AGENT} run-one`,
  ].join(" ");
  return {
    version: 0.2,
    phases: {
      pre_build: {
        commands: [
          LOGIN,
          `docker pull --quiet ${BUILDER}`,
          `docker pull --quiet ${AGENT}`,
          ...CREDENTIAL_ADDRESSES.map(
            (address) => `iptables --insert DOCKER-USER --destination ${address} --jump REJECT`,
          ),
          ...(["armhf", "armel"] as const).map(emulation),
        ],
      },
      // A commit that does not build is no failure of the machine: the job has its end.
      build: { commands: [`${agent} || test $? -eq ${RUN_ONE_EXIT.ended}`] },
    },
  };
}

/** Makes the images that are not there yet, and pushes them. The contexts are gzipped tars in the artifact bucket. */
export function imagesBuildspec(): BuildSpec {
  const make = (image: string, context: string) =>
    [
      `docker manifest inspect ${image} > /dev/null`,
      `{ aws s3 cp --quiet "$${context}" - | docker build --build-arg BASE="$${IMAGE_VARIABLES.base}" --label io.hypriot.project=hypriotos --tag ${image} - && docker push --quiet ${image}; }`,
    ].join(" || ");
  return {
    version: 0.2,
    phases: {
      pre_build: { commands: [LOGIN] },
      build: {
        commands: [make(BUILDER, CONTEXT_VARIABLES.builder), make(AGENT, CONTEXT_VARIABLES.agent)],
      },
    },
  };
}
