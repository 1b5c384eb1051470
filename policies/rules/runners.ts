import type { ResourceRule } from "./rule.ts";
import { policyStatements } from "./statements.ts";
import { list, record, shown, texts } from "./values.ts";

const CONTAINER = "docker:index/container:Container";
const SOCKET = "/var/run/docker.sock";

export const runnersUnprivileged: ResourceRule = {
  name: "runners-unprivileged",
  description: "No container is privileged or has more than Docker's socket of its host",
  reason: "A build runs what anybody proposed: what it breaks out of must be worth nothing.",
  fix: "Keep what components/docker-runner.ts sets: no capabilities, no-new-privileges, the socket alone.",
  severity: "critical",
  level: "mandatory",
  check: ({ type, props }) => {
    if (type !== CONTAINER) return [];
    const { adds, drops } = record(props.capabilities);
    const mounts = list(props.mounts).filter((mount) => record(mount).target !== SOCKET);
    return [
      ...(props.privileged === true ? ["it is privileged"] : []),
      ...texts(adds).map((capability) => `it has the capability ${capability}`),
      ...(texts(drops).includes("ALL") ? [] : ["it does not drop all capabilities"]),
      ...(texts(props.securityOpts).some((option) => option.startsWith("no-new-privileges"))
        ? []
        : ["no-new-privileges is missing"]),
      ...["pidMode", "ipcMode", "usernsMode"]
        .filter((mode) => props[mode] === "host")
        .map((mode) => `${mode} is the host's`),
      ...mounts.map((mount) => `it mounts ${shown(record(mount).source)}`),
      ...list(props.devices).map(() => "it has a device of the host"),
    ];
  },
};

/** In the environment everybody reads it who may look at the container, and its children inherit it. */
const CREDENTIAL = /(SECRET|PASSWORD|TOKEN|PRIVATE_KEY|ACCESS_KEY)(_ID)?$/i;

export const noCredentialsInEnvironment: ResourceRule = {
  name: "builds-without-credentials",
  description: "No container and no function has a credential in its environment",
  reason:
    "What an untrusted build inherits it can print, and environments are shown in consoles and inspections.",
  fix: "Pass a secret's name or a file; the agent alone reads it, builds inherit nothing.",
  severity: "critical",
  level: "mandatory",
  check: ({ type, props }) => {
    if (type === CONTAINER) {
      return texts(props.envs)
        .map((line) => line.split("=", 1)[0] ?? "")
        .filter((name) => CREDENTIAL.test(name))
        .map((name) => `its environment has ${shown(name)}`);
    }
    if (type !== "aws:lambda/function:Function") return [];
    return Object.keys(record(record(props.environment).variables))
      .filter((name) => CREDENTIAL.test(name))
      .map((name) => `its environment has ${shown(name)}`);
  },
};

export const usersOnlyTakeRoles: ResourceRule = {
  name: "users-only-take-roles",
  description: "An IAM user may take a role and nothing else",
  reason: "A key that is copied must be worth nothing by itself: a role's sessions end.",
  fix: "Put the rights on the role, as RunnerIdentity does.",
  severity: "high",
  level: "mandatory",
  check: ({ type, props }) =>
    type !== "aws:iam/userPolicy:UserPolicy"
      ? []
      : policyStatements(props.policy)
          .filter(({ effect }) => effect === "Allow")
          .flatMap(({ sid, actions }) =>
            actions
              .filter((action) => action !== "sts:AssumeRole")
              .map((action) => `statement ${sid} allows the user ${action}`),
          ),
};
